# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The outcome: the table, TCP beside MPTCP, and whether it is as expected.

declare -A SURVIVED MISSED UNANSWERED OUTAGE

show_table() {
	read_report tcp
	read_report mptcp
	heading "$(row '' TCP MPTCP)"
	row 'connection survived' "${SURVIVED[tcp]}" "${SURVIVED[mptcp]}"
	row 'packets missed' "${MISSED[tcp]}" "${MISSED[mptcp]}"
	row 'longest outage' "${OUTAGE[tcp]}" "${OUTAGE[mptcp]}"
	row 'subflows' "${SUBFLOWS[tcp]}" "${SUBFLOWS[mptcp]}"
	show_failovers
	show_notes
}

# show_notes: explains figures that could be misread.
show_notes() {
	local due answered='all packets that were sent came back'
	read -r _ _ due <<<"${MISSED[mptcp]}"
	[ "${UNANSWERED[mptcp]}" -eq 0 ] ||
		answered="${UNANSWERED[mptcp]} packets that were sent did not come back"
	echo
	[ -n "${TRAFFIC:-}" ] || [ "${SURVIVED[tcp]}" != no ] || cat <<-END
		  survived: as the program sees it. When there is no answer for 1 s, it gives the connection
		            up and opens a new one. TCP itself would have resumed after r1 recovered.
	END
	cat <<-END
		  missed:   packets that did not come back, of the $due that were due in that time. Most were
		            never sent: the program sends nothing while it waits for an answer.
		            Over MPTCP, $answered.
	END
}

# show_failovers: each end reports outages of the data it sends. A program that waits for answers can be held
# up by the sum of both.
show_failovers() {
	local end after outage name='mptcp-watch saw'
	FAILOVERS=$(longest_failovers)
	[ -n "$FAILOVERS" ] || row "$name" '' 'no failover'
	while IFS=$'\t' read -r end after outage; do
		[ -z "$end" ] || row "$name" '' "$end: failover after $after, outage $outage"
		name=''
	done <<<"$FAILOVERS"
}

# read_report NAME: sets SURVIVED, MISSED, UNANSWERED and OUTAGE of NAME.
read_report() {
	local line due
	line=$(jq -er -f tests/demo/outcome.jq "$WORK/$1.json") ||
		die 1 "cannot read the report of '$PROGRAM': not ctraffic's JSON, see above"
	IFS=$'\t' read -r "SURVIVED[$1]" "MISSED[$1]" due "UNANSWERED[$1]" "OUTAGE[$1]" <<<"$line"
	MISSED[$1]+=" of $due"
}

row() { # NAME TCP MPTCP
	printf '  %-22s%-16s%s\n' "$@"
}

# judge: reports, below the table, what is not as expected.
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
