#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel skips a BPF program while the same program is running, for example in a preempted task. Even then, no
# event is reported twice, and missing events are counted and warned of.

. "$(dirname "$0")/lib.sh"

SHORT=("$PROJECT/build/tests/connections" short)
PROGRAMS=6 CONNECTIONS=1000
ENDS=$((2 * PROGRAMS * CONNECTIONS))

# missing FUNCTION: the number of its calls that may be missing, by the watcher's warning.
missing() {
	sed -En "s/.*skipped the probe of $1 up to ([0-9]+) times?:.*/\1/p" "${EVENTS%.json}.err" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# counted EVENT: the number of these that may be missing, by the events themselves.
counted() {
	sed -En "s/.*\"lost_event\":\"$1\",\"count\":([0-9]+),\"reason\":\"probe_skipped\".*/\1/p" "$EVENTS" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# ends EVENT: the number of ends of connections that have it. twice EVENT: the number that have it twice.
ends() {
	ends_of "$1" | sort -u | wc -l
}

twice() {
	ends_of "$1" | sort | uniq -d | wc -l
}

# A later connection can have the same token, but not with the same ports.
ends_of() {
	jq -r "select(.event == \"$1\") | \"\(.token) \(.sport) \(.dport)\"" "$EVENTS"
}

query_start
watch_start skipped --buffer 16384
for ((i = 0; i < PROGRAMS; i++)); do
	"${SHORT[@]}" $CONNECTIONS $((6001 + i)) &
	SHORTS[i]=$!
done
ok "$PROGRAMS programs at once make $CONNECTIONS connections each" wait "${SHORTS[@]}"
wait_for 60 reported -n $ENDS closed
is "$(bpftool -j map dump name ports | jq length)" 0 'no listener remains counted'
watch_stop
diag "$(grep skipped "${EVENTS%.json}.err")"
for event in created established closed; do
	function=mptcp_event
	[ $event != closed ] || function=mptcp_destroy_common
	is "$(twice $event)" 0 "no connection is $event twice"
	seen=$(ends $event)
	ok "... $seen of $ENDS are $event, and the others are warned of" \
		test $((seen + $(missing $function))) -ge $ENDS
	ok "... and counted as lost: up to $(counted $event)" test "$(counted $event)" -ge "$(missing $function)"
done
owned=$(jq -r 'select(.event == "closed" and .pid) | .pid' "$EVENTS" | wc -l)
ok "... $owned of them with an owner, or warned of" \
	test $((owned + $(missing mptcp_connect) + $(missing mptcp_stream_accept))) -ge "$(ends closed)"

done_testing
