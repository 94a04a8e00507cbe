#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Connections from before the watcher started that no process has open yet.

. "$(dirname "$0")/lib.sh"

lab_up
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
peer_start other "${ON_CLIENT[@]}"
ask server listen 0.0.0.0 5001

# It waits for accept(): no process has a descriptor for it.
ask client connect 192.168.1.2 5001
SPORT=$ANSWER
ask client send 100
about 5001
# Another waits for an answer.
fail r1
request other connect 192.168.1.2 5001
# shellcheck disable=SC2317 # called by wait_for
connecting() {
	"${ON_CLIENT[@]}" ss -Htn state syn-sent | grep -q .
}
wait_for 30 connecting

watch_start initial
is "$(value "initial and event == 'established'" 'netns, sport')" "($CLIENT, $SPORT)" \
	'an established connection is reported as initial, one that is connecting is not'
mend r1
ask server accept
reported established "\"netns\":$SERVER,.*\"dport\":$SPORT,"
is "$(value "event == 'established' and $THEIRS" 'initial, pid, comm')" \
	"(True, ${PEER_PID[server]}, 'python3')" 'a connection that waited for accept() is reported then, with the accepting process'
ask server keep
answer_of other
SPORT=$ANSWER
about 5001
ask server accept
# Kernels that detect blackholes send its SYN without MPTCP, perhaps before the watcher started.
reported '(established|fallback)' "\"sport\":$SPORT,"
like "$(value "event in ('created', 'established', 'fallback') and $OURS" 'event, initial')" \
	"^(\('created', None\) \('established', None\)|\('fallback', (None|True)\))\$" \
	'a connection established meanwhile is reported like any other, once'
part
ask other close
reported closed "\"sport\":$SPORT,"
is "$(count "event == 'closed' and $OURS")" 1 '... and so is its end'
is "$(count "event in ('failover', 'resumed')")" 0 'none of it was a failover'

watched_all
done_testing
