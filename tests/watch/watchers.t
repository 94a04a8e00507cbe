#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two watchers at once; one that is killed during a failover, and restarted; a watcher's privileges; its end.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start one
ONE=$EVENTS ONE_PID=$WATCH_PID
watch_start two
TWO=$EVENTS TWO_PID=$WATCH_PID
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"

is "$(awk '/^Cap(Eff|Prm|Inh|Bnd|Amb):/ { print $2 }' "/proc/$TWO_PID/status" | sort -u)" 0000000000000000 \
	'a watcher keeps no capabilities'
is "$(awk '/^NoNewPrivs:/ { print $2 }' "/proc/$TWO_PID/status")" 1 '... and cannot gain any'

ask server listen 0.0.0.0 5001
meet_in_time 192.168.1.2 5001
fail r2
fail r1
ask client send 1000
ok 'a failover is reported' reported failover
EVENTS=$ONE
ok '... by both watchers' reported failover
kill -KILL "$ONE_PID"
wait "$ONE_PID" 2>/dev/null || true
watch_start again
mend r2
EVENTS=$TWO
ok 'its resumption is reported by the watcher that saw the failover' reported resumed
part
settle
EVENTS=$TMP/again.json
ok 'a watcher that started in between reports its end' reported closed "\"token\":\"$TOKEN\""
is "$(value "initial and token == '$TOKEN'" 'event, pid')" \
	"('established', ${PEER_PID[client]}) ('sub_established', ${PEER_PID[client]})" \
	'... and found it open, with its second subflow'
is "$(value "token == '$TOKEN' and event == 'closed'" 'subflows_max, duration_ns, failover_pending')" \
	'(2, None, False)' '... and leaves out what it did not see'
is "$(count "event == 'resumed'")" "$(count "event == 'failover'")" '... and reports no other resumption'

# The two others saw the same of this lab. Connections of a lab that is down may end at any time.
without_times() {
	grep -E "\"netns\":($CLIENT|$SERVER)," "$1" |
		sed -E 's/"time":[^,]*,"mono_ns":[^,]*,//; s/"[a-z_]*_ns":[0-9]+//g'
}
EVENTS=$TWO
seen=$(without_times "$ONE" | wc -l)
is "$(without_times "$TWO" | head -n "$seen")" "$(without_times "$ONE")" 'two watchers report the same'

# Events from before the signal are still printed.
kill -STOP "$TWO_PID"
before=$(grep -c '"event":"created"' "$TWO")
python3 -IS "$PEER" once
kill -INT "$TWO_PID"
kill -CONT "$TWO_PID"
wait "$TWO_PID" && status=0 || status=$?
is "$status" 0 'SIGINT ends it with status 0'
is "$(grep -c '"event":"created"' "$TWO")" $((before + 2)) '... after it has printed earlier events'

done_testing
