#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Many connections, at once and in a row: none is lost; and when there is no room for them, what is
# lost is counted exactly.

. "$(dirname "$0")/lib.sh"

SHORT=("$PROJECT/build/tests/connections" short)
AT_ONCE=200 IN_A_ROW=10000 BEYOND_ROOM=100

# total EVENT: the number of these events that a watcher has reported, and as lost.
total() {
	echo $(($(grep -c "\"event\":\"$1\"" "$EVENTS") + $(lost "$1")))
}

lost() {
	sed -En "s/.*\"lost_event\":\"$1\",\"count\":([0-9]+),\"reason\":\"buffer_full\".*/\1/p" "$EVENTS" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

query_start
watch_start load
peer_start server
peer_start client
ask server listen 127.0.0.1 5001
request server take $AT_ONCE
ask client many $AT_ONCE 127.0.0.1 5001
answer_of server take $AT_ONCE
reported -n $((2 * AT_ONCE)) established
is "$(value "event == 'created'" token | tr ' ' '\n' | sort -u | wc -l)" $((2 * AT_ONCE)) \
	"$AT_ONCE connections at once: all are reported"
is "$(count "event == 'established' and pid == ${PEER_PID[client]} and not server_side")" $AT_ONCE \
	'... and the owner of each client'
ask client close
ask server close
reported -n $((2 * AT_ONCE)) closed
is "$(count "event == 'closed' and pid == ${PEER_PID[server]} and bytes_received == 1")" $AT_ONCE \
	'... and in the end that of each server'
peer_stop client
peer_stop server

begun=$SECONDS
"${SHORT[@]}" $IN_A_ROW 5002
diag "$IN_A_ROW connections took $((SECONDS - begun)) s"
ok "$IN_A_ROW in a row" reported -n $((2 * AT_ONCE + 2 * IN_A_ROW)) closed
for event in created established closed; do
	is "$(grep -c "\"event\":\"$event\"" "$EVENTS")" $((2 * AT_ONCE + 2 * IN_A_ROW)) "... each is $event"
done
is "$(grep '"event":"lost"' "$EVENTS" | grep -vc '"probe_skipped"}$')" 0 '... and none is lost'
watched_all

# A watcher with the smallest buffer, which gets no processor time meanwhile.
watch_start tiny --buffer 4
kill -STOP "$WATCH_PID"
"${SHORT[@]}" $BEYOND_ROOM 5003
kill -CONT "$WATCH_PID"
ok 'a full buffer is reported' reported lost
watch_stop
for event in created established closed; do
	is "$(total $event)" $((2 * BEYOND_ROOM)) "... and seen and lost are all that were $event"
done
is "$(grep '"event":"lost"' "$EVENTS" | grep -vcE '"reason":"(buffer_full|probe_skipped)"}$')" 0 '... with the reason'
ok '... most of them lost' test "$(lost created)" -gt $BEYOND_ROOM

done_testing
