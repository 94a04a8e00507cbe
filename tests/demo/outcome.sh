# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What came of it: the table, TCP beside MPTCP, and whether that is what was to be shown.

declare -A SURVIVED LOST STANDSTILL

show_table() {
	read_report tcp
	read_report mptcp
	heading "$(row '' TCP MPTCP)"
	row 'connection survived' "${SURVIVED[tcp]}" "${SURVIVED[mptcp]}"
	row 'packets lost' "${LOST[tcp]}" "${LOST[mptcp]}"
	row 'longest standstill' "${STANDSTILL[tcp]}" "${STANDSTILL[mptcp]}"
	row 'subflows' "${SUBFLOWS[tcp]}" "${SUBFLOWS[mptcp]}"
	show_failovers
}

# show_failovers: each end tells of what it sends. A program that awaits an answer stands still as long
# as both together.
show_failovers() {
	local end after standstill name='mptcp-watch saw'
	FAILOVERS=$(longest_failovers)
	[ -n "$FAILOVERS" ] || row "$name" '' 'no failover'
	while IFS=$'\t' read -r end after standstill; do
		[ -z "$end" ] || row "$name" '' "$end: failover after $after, stood still $standstill"
		name=''
	done <<<"$FAILOVERS"
}

# read_report NAME: sets SURVIVED[NAME], LOST[NAME] and STANDSTILL[NAME].
read_report() {
	local line due
	line=$(jq -er -f tests/demo/outcome.jq "$WORK/$1.json") ||
		die 1 "cannot read the report of '$PROGRAM': not ctraffic's JSON, see above"
	IFS=$'\t' read -r "SURVIVED[$1]" "LOST[$1]" due "STANDSTILL[$1]" <<<"$line"
	LOST[$1]+=" of $due"
}

row() { # NAME TCP MPTCP
	printf '  %-22s%-16s%s\n' "$@"
}

# judge: what was expected is said only when it did not happen; below the table, as a part of it.
judge() {
	UNEXPECTED=0
	[ "${SURVIVED[tcp]}" = no ] ||
		unexpected 'the TCP connection survived; expected it to fail with its only path'
	[ "${SUBFLOWS[tcp]}" -eq 0 ] ||
		unexpected "the TCP connection had ${SUBFLOWS[tcp]} subflows; expected none"
	[ "${SURVIVED[mptcp]}" = yes ] ||
		unexpected 'the MPTCP connection failed; expected it to survive over r2'
	[ "${SUBFLOWS[mptcp]}" -ge 2 ] ||
		unexpected "the MPTCP connection had ${SUBFLOWS[mptcp]} subflows; expected two"
	[ -n "$FAILOVERS" ] ||
		unexpected 'mptcp-watch saw no failover that resumed; expected one from r1 to r2'
	[ "$UNEXPECTED" -eq 0 ] || exit 1
}

unexpected() { # TEXT
	[ "$UNEXPECTED" -ne 0 ] || heading 'Not as expected'
	UNEXPECTED=1
	echo "  $RED$1$PLAIN"
}
