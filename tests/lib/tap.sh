# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# TAP for shell tests: source this file, call the checks, end with done_testing.
# prove(1) reads the output; everything else a test prints goes to standard error.

# The caller's language and umask must not affect tests. A missing locale makes bash warn.
export LC_ALL=C.UTF-8
umask 022

TAP_COUNT=0
TAP_FAILED=0

# tap_result STATUS NAME: one result line; STATUS is that of a command, 0 for a pass.
tap_result() {
	TAP_COUNT=$((TAP_COUNT + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $TAP_COUNT - $2"
	else
		TAP_FAILED=$((TAP_FAILED + 1))
		echo "not ok $TAP_COUNT - $2"
		echo "#   at ${BASH_SOURCE[2]}:${BASH_LINENO[1]}"
	fi
	return 0
}

# diag TEXT...: a remark in the log.
diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# ok NAME COMMAND...: passes when the command succeeds.
ok() {
	local name=$1 status=0
	shift
	"$@" || status=$?
	tap_result "$status" "$name"
}

# not_ok NAME COMMAND...: passes when the command fails.
not_ok() {
	local name=$1 status=0
	shift
	! "$@" || status=1
	tap_result "$status" "$name"
}

# is GOT WANTED NAME: passes when both strings are the same.
is() {
	local status=0
	[ "$1" = "$2" ] || status=1
	tap_result "$status" "$3"
	[ "$status" -eq 0 ] || diag "  got '$1', wanted '$2'"
}

# like TEXT REGEX NAME: passes when the extended regular expression matches a part of the text.
like() {
	local status=0
	[[ $1 =~ $2 ]] || status=1
	tap_result "$status" "$3"
	[ "$status" -eq 0 ] || diag "  '$1' does not match '$2'"
}

# unlike TEXT REGEX NAME: passes when it does not.
unlike() {
	local status=0
	[[ ! $1 =~ $2 ]] || status=1
	tap_result "$status" "$3"
	[ "$status" -eq 0 ] || diag "  '$1' matches '$2'"
}

# wait_for SECONDS COMMAND...: polls until the command succeeds; fails at the deadline.
wait_for() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$deadline" ] || return 1
		sleep 0.05
	done
}

# done_testing: prints the plan; the script's exit status says whether all passed.
done_testing() {
	echo "1..$TAP_COUNT"
	exit $((TAP_FAILED > 0))
}
