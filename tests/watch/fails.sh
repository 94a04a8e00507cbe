# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests of what mptcp-watch refuses: source it after tap.sh, with TMP set to a directory.

# MPTCP_WATCH_TIMEOUT ends a replacement program that refuses nothing, after that number of seconds.
#
# fails_with STATUS REGEX NAME COMMAND...: it has this exit status, an error that matches, and no output.
fails_with() {
	local wanted=$1 regex=$2 name=$3 status=0 errors
	shift 3
	errors=$(timeout "${MPTCP_WATCH_TIMEOUT:-60}" "$@" 2>&1 >"$TMP/out") || status=$?
	is "$status" "$wanted" "$name: exit status"
	like "$errors" "$regex" "$name: message"
	unlike "$errors" '(^|'$'\n'')watching' "$name: nothing is watched"
	is "$(<"$TMP/out")" '' "$name: nothing is printed"
}
