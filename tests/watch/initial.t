#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What was there before the watching began, and is no open connection of a process yet.

. "$(dirname "$0")/lib.sh"

lab_up
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
peer_start other "${ON_CLIENT[@]}"
ask server listen 0.0.0.0 5001

# It waits for accept(): no process has a file of it.
ask client connect 192.168.1.2 5001
SPORT=$ANSWER
ask client send 100
about 5001
# Another waits for an answer.
fail r1
tell other connect 192.168.1.2 5001
# shellcheck disable=SC2317 # called by wait_for
connecting() {
	"${ON_CLIENT[@]}" ss -Htn state syn-sent | grep -q .
}
wait_for 30 connecting

watch_start initial
is "$(value "initial and event == 'established'" 'netns, sport')" "($CLIENT, $SPORT)" \
	'who has connected is there already, who connects is not'
mend r1
ask server accept
told established "\"netns\":$SERVER,.*\"dport\":$SPORT,"
is "$(value "event == 'established' and $THEIRS" 'initial, pid, comm')" \
	"(True, ${PEER_PID[server]}, 'python3')" 'what waited for accept() is told then, with who accepts it'
ask server keep
answer_of other
SPORT=$ANSWER
about 5001
ask server accept
# Kernels that know of blackholes have its SYN go without MPTCP, perhaps before anybody watched.
told '(established|fallback)' "\"sport\":$SPORT,"
like "$(value "event in ('created', 'established', 'fallback') and $OURS" 'event, initial')" \
	"^(\('created', None\) \('established', None\)|\('fallback', (None|True)\))\$" \
	'who connected meanwhile is told as any other, once'
part
ask other close
told closed "\"sport\":$SPORT,"
is "$(count "event == 'closed' and $OURS")" 1 '... and so is its end'
is "$(count "event in ('failover', 'resumed')")" 0 'none of it was a failover'

watched_all
done_testing
