# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Checks of what it takes to load the BPF programs. Limits are twice what was measured: they are to show a program
# that the verifier follows along too many paths, which tests otherwise notice only by being slow. Source it after
# tap.sh.

# verifies_within MOST ALL NAME COMMAND...: the command lists the loaded programs, with tests/tools/verified.py. The verifier
# has processed at most MOST instructions for each, and at most ALL for all of them.
verifies_within() {
	local most=$1 all=$2 name=$3 figures
	shift 3
	figures=$("$@" | awk '{ sum += $2; if ($2 > most) { most = $2; which = $1 } } END { print sum + 0, most + 0, which }')
	diag "$figures"
	ok "$name: the verifier processes some instructions" test "${figures%% *}" -gt 1000
	ok '... and not too many for all programs' test "${figures%% *}" -le "$all"
	figures=${figures#* }
	ok '... nor for any' test "${figures% *}" -le "$most"
}

# starts_within TIMES NAME COMMAND...: when the command starts, and ends, the kernel computes at most that many times as long as
# user space. Both are times on a processor, so that a busy machine does not matter.
starts_within() {
	local times=$1 name=$2 TIMEFORMAT='%3U %3S' spent
	shift 2
	spent=$({ time "$@" >/dev/null 2>&1; } 2>&1)
	diag "user and kernel: $spent s"
	ok "$name: the kernel takes no longer to accept them than is normal" \
		awk -v spent="$spent" -v times="$times" 'BEGIN { split(spent, s, " "); exit !(s[1] > 0 && s[2] <= times * s[1]) }'
}
