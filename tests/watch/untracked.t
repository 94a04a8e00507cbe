#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A connection that finds the table full: each of its events is printed or counted as lost, of whatever kind it is,
# with a filter by owner and without.

. "$(dirname "$0")/lib.sh"

EVENTS_OF_LIFE='created established announced sub_established failover resumed stale recovered sub_priority removed sub_closed closed'

mkdir -p /sys/fs/cgroup/victim
lab_up
watch_start filtered --cgroup /sys/fs/cgroup/victim --connections 1
FILTERED=$WATCH_PID
watch_start unfiltered --connections 1
UNFILTERED=$WATCH_PID
# A listening socket takes the only place.
peer_start listener in_cgroup victim
ask listener listen 127.0.0.1 5002
watch_start all --no-initial
peer_start server "${ON_SERVER[@]}"
peer_start client in_cgroup victim "${ON_CLIENT[@]}"
ask server listen :: 5001

# A failover, a subflow that becomes stale and recovers, a priority, and an address that is removed.
meet_in_time 192.168.1.2 5001
fail r1
ask client send 1000
ok 'a failover' reported resumed "\"token\":\"$TOKEN\""
mend r1
ask server receive 1000
wait_for 60 at_rest 5001
for host in client server; do
	on $host sysctl -qw net.mptcp.stale_loss_cnt=1
done
on r2 tc qdisc add dev eth1 root netem delay 300ms
ask server drain
fail r1
ask client send 1000
ok '... a stale subflow' wait_for $((4 * DEADLINE)) send_until stale
mend r1
on r2 tc qdisc del dev eth1 root
ok '... which recovers' wait_for $((4 * DEADLINE)) send_until recovered
ip -n "$LAB_NAME-server" mptcp endpoint change id 1 backup
ok '... a priority' reported sub_priority "\"netns\":$CLIENT"
ip -n "$LAB_NAME-server" mptcp endpoint delete id 1
ok '... a removed address' reported removed "\"netns\":$CLIENT"
ok '... and a closed subflow' reported sub_closed "\"token\":\"$TOKEN\""
part

watched_all
watch_stop "$FILTERED"
watch_stop "$UNFILTERED"

# lost EVENT REASON: the number of these events that the watcher reports as lost, for that reason.
lost() {
	sed -En "s/.*\"lost_event\":\"$1\",\"count\":([0-9]+),\"reason\":\"$2\".*/\1/p" "$EVENTS" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# accounted NAME CONDITION: whether it has printed or lost every event of the watcher with room for all that meets the
# condition.
accounted() {
	local event wanted found skipped
	for event in $EVENTS_OF_LIFE; do
		EVENTS=$TMP/all.json
		wanted=$(count "event == '$event' and ($2)")
		EVENTS=$TMP/$1.json
		found=$(($(grep -c "\"event\":\"$event\"" "$EVENTS") + $(lost "$event" table_full)))
		skipped=$(lost "$event" probe_skipped)
		diag "$event: $wanted, of which $(lost "$event" table_full) are lost"
		ok "$1: $event" test "$wanted" -gt 0 -a $((found + skipped)) -ge "$wanted" -a "$found" -le "$wanted"
	done
	ok '... some of them lost' test "$(lost created table_full)" -gt 0
}

accounted filtered 'netns == client'
for event in announced removed failover resumed stale recovered; do
	is "$(grep -c "\"event\":\"$event\"" "$EVENTS")" 0 "... which has no owner, so that the filter excludes its $event"
done
accounted unfiltered True
for event in announced removed failover resumed stale recovered; do
	is "$(lost $event table_full)" 0 "... whose $event is printed without an owner"
done

done_testing
