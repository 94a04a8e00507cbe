# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Tools that the demo starts in the background: see tests/demo/play.

# await_tool PROGRAM PID LOG WORD VERB: waits until the tool has logged a line that begins with WORD. If the
# tool has ended, it has reported the reason, and the demo ends with its exit status.
await_tool() {
	local program=$1 pid=$2 log=$3 word=$4 verb=$5 status=0
	wait_for 60 logged_or_gone "$word" "$log" "$pid" || die 1 "'$program' did not $verb within 60 s"
	! grep -q "^$word" "$log" || return 0
	wait "$pid" || status=$?
	cat "$log" >&2
	die $((status ? status : 1)) "'$program' ended with status $status and did not $verb"
}

# shellcheck disable=SC2317 # called by wait_for
logged_or_gone() { # WORD LOG PID
	grep -q "^$1" "$2" || ! kill -0 "$3"
}
