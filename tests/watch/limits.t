#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How one user, or a stranger on the network, can affect what mptcp-watch reports of others. When its tables are
# full, printed and lost events together are all that happened.

. "$(dirname "$0")/lib.sh"

CONNECTIONS=$PROJECT/build/tests/connections
ROOM=60 HELD=100 FAILED=300 OF_VICTIM=40 SYNS=5000 MEETINGS=${MPTCP_WATCH_MEETINGS:-4500}
mkdir -p /sys/fs/cgroup/victim /sys/fs/cgroup/noisy
lab_up
# On a busy processor, SYNs wait: none must be dropped.
sysctl -qw net.core.netdev_max_backlog=100000

# lost EVENT REASON: the number of these events that the watcher reports as lost, for that reason.
lost() {
	sed -En "s/.*\"lost_event\":\"$1\",\"count\":([0-9]+),\"reason\":\"$2\".*/\1/p" "$EVENTS" |
		awk '{ sum += $1 } END { print sum + 0 }'
}

printed() {
	grep -c "\"event\":\"$1\"" "$EVENTS"
}

# accounted EVENT REASON COUNT: waits until COUNT events are printed or lost, and no more.
accounted() {
	wait_for "$DEADLINE" accounted_now "$@"
	is "$(($(printed "$1") + $(lost "$1" "$2")))" "$3" "$4"
}

# shellcheck disable=SC2317 # called by wait_for
accounted_now() {
	[ $(($(printed "$1") + $(lost "$1" "$2"))) -ge "$3" ]
}

# hold_start CGROUP WORD...: starts connections there; hold_stop ends it.
hold_start() {
	mkfifo "$TMP/hold.in" "$TMP/hold.out"
	in_cgroup "$1" "$CONNECTIONS" "${@:2}" <"$TMP/hold.in" >"$TMP/hold.out" 2>"$TMP/hold.err" &
	HOLD_PID=$!
	STARTED_PIDS+=("$HOLD_PID")
	exec {HOLD_IN}>"$TMP/hold.in" {HOLD_OUT}<"$TMP/hold.out"
	rm "$TMP/hold.in" "$TMP/hold.out"
	answer_of_hold held
}

answer_of_hold() {
	local answer=nothing
	read -r -t 240 answer <&"$HOLD_OUT" || true
	[ "$answer" = "$1" ] || diag "connections says $answer: $(cat "$TMP/hold.err")"
}

hold_stop() {
	exec {HOLD_IN}>&- {HOLD_OUT}<&-
	wait "$HOLD_PID" || true
}

# Another user's sockets leave room for the watched cgroup, and failed ones leave room for all.
watch_start victim --connections $ROOM --cgroup /sys/fs/cgroup/victim --no-initial
victim=$WATCH_PID
watch_start everybody --connections $ROOM --no-initial
hold_start noisy failed $FAILED
noisy=$HOLD_PID noisy_in=$HOLD_IN noisy_out=$HOLD_OUT
hold_start victim hold $((OF_VICTIM / 2)) 5001
EVENTS=$TMP/victim.json
reported -n $OF_VICTIM created
is "$(printed created)" $OF_VICTIM "--cgroup: $FAILED sockets of another user leave room for all"
EVENTS=$TMP/everybody.json
reported -n $OF_VICTIM created
is "$(printed created)" $OF_VICTIM '... and without a filter, once their connect() has failed'
hold_stop
reported -n $OF_VICTIM closed
HOLD_PID=$noisy HOLD_IN=$noisy_in HOLD_OUT=$noisy_out
hold_stop

# More connections than there is room for: another user's, then those of the watched cgroup.
hold_start noisy hold $HELD 5002
noisy=$HOLD_PID noisy_in=$HOLD_IN noisy_out=$HOLD_OUT
accounted created table_full $((OF_VICTIM + 2 * HELD)) 'more connections than there is room for: each is printed or lost'
accounted established table_full $((OF_VICTIM + 2 * HELD)) '... so is the next event'
ok '... most of them lost' test "$(lost created table_full)" -gt $HELD
hold_start victim hold $((OF_VICTIM / 2)) 5003
EVENTS=$TMP/victim.json
reported -n $((2 * OF_VICTIM)) created
is "$(printed created)" $((2 * OF_VICTIM)) '--cgroup: connections of another user leave room for all'
is "$(grep '"event":"lost"' "$EVENTS" | grep -vc '"probe_skipped"}$')" 0 '... and events that a filter excludes are not lost'
hold_stop
HOLD_PID=$noisy HOLD_IN=$noisy_in HOLD_OUT=$noisy_out
hold_stop
EVENTS=$TMP/everybody.json
accounted closed table_full $((2 * OF_VICTIM + 2 * HELD)) 'their ends are printed or lost'
hold_start noisy plain $HELD 5002
hold_stop
accounted closed table_full $((2 * OF_VICTIM + 3 * HELD)) 'the events of connections that fall back'
accounted fallback table_full $HELD '... and each fallback'
before=$(lost created table_full)
hold_start victim hold $((OF_VICTIM / 2)) 5004
accounted created table_full $((3 * OF_VICTIM + 2 * HELD)) 'once they are closed, there is room again'
is "$(lost created table_full)" "$before" '... for all'
hold_stop
watch_stop
EVENTS=$TMP/victim.json
reported -n $((3 * OF_VICTIM)) closed
hold_start victim hold $HELD 5002
accounted created table_full $((3 * OF_VICTIM + 2 * HELD)) '--cgroup: more connections than there is room for'
ok '... some of them lost' test "$(lost created table_full)" -gt 0
hold_stop
accounted closed table_full $((3 * OF_VICTIM + 2 * HELD)) '... so are their ends'
watch_stop "$victim"

# A stranger on the network sends joins.
watch_start joins --no-initial --buffer 16384
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
ask server listen 0.0.0.0 5001
ask client listen 0.0.0.0 5001

refused_by_kernel() {
	"$LAB" counter server MPTcpExtMPJoinNoTokenFound
}

join() { # HOST SOURCE DESTINATION PORT TOKEN
	nsenter "--net=/run/netns/$LAB_NAME-$1" -- python3 -IS "$PROJECT/tests/watch/join_syn.py" "${@:2}"
}

begun=$EPOCHSECONDS
seq -f '%.0f' 1000000007 400009 $((1000000007 + 400009 * (SYNS - 1))) | awk '{ printf "%08x\n", $1 }' |
	join client 192.168.6.221 192.168.4.2 5001 -
sent=$(refused_by_kernel)
ok "$SYNS joins of a stranger: most of them come" test "$sent" -gt $((SYNS / 2))
accounted join_failed rate_limit "$sent" '... each is printed or lost'
ok '... only a few are printed' \
	test "$(printed join_failed)" -le $((100 + 10 * (EPOCHSECONDS - begun + 1)))
ok '... but not none' test "$(printed join_failed)" -ge 100
join server 192.168.1.2 192.168.2.221 5001 0badcafe
reported join_failed '"token":"0badcafe"'
is "$(value "event == 'join_failed' and token == '0badcafe'" 'netns, reason')" "($CLIENT, 'token')" \
	'... and one in another network namespace is printed'

# A token is valid only in its own network namespace.
meet_twice 192.168.1.2 5001
ip netns add apart
ip -n apart link set lo up
in_apart=(ip netns exec apart)
"${in_apart[@]}" python3 -IS "$PROJECT/tests/watch/join_syn.py" 127.0.0.1 127.0.0.1 5001 "$TOKEN_THERE"
peer_start apart "${in_apart[@]}"
ask apart listen 127.0.0.1 5001
"${in_apart[@]}" python3 -IS "$PROJECT/tests/watch/join_syn.py" 127.0.0.1 127.0.0.1 5001 "$TOKEN_THERE"
reported join_failed "\"token\":\"$TOKEN_THERE\".*\"dport\":20000,"
is "$(value "event == 'join_failed' and token == '$TOKEN_THERE' and dport == 20000" 'netns, reason, pid')" \
	"($(stat -Lc %i /run/netns/apart), 'token', ${PEER_PID[apart]})" \
	'a token is unknown in another network namespace: neither port nor connection is reported'
part
watch_stop

# join_all: as many connections as the kernel has tokens for, and a join to each after the listener has closed.
join_all() {
	local before
	before=$(wc -l <"$EVENTS")
	hold_start noisy hold "$MEETINGS" 5005
	settle
	tail -n "+$((before + 1))" "$EVENTS" | grep '"event":"created".*"[sd]port":5005,' >"$TMP/created"
	echo unlisten >&"$HOLD_IN"
	answer_of_hold closed
	sed 's/.*"token":"\([0-9a-f]*\)".*/\1/' "$TMP/created" >"$TMP/tokens"
	KNOWN=$((KNOWN + $(wc -l <"$TMP/tokens")))
	ok "$MEETINGS connections" test "$(wc -l <"$TMP/tokens")" -gt "$MEETINGS"
	if kernel_has mptcp_event_pm_listener; then
		ok '... half of their ends are on the port whose listener has closed' \
			reported listener_closed "\"connections\":$(grep -c '"server_side":true' "$TMP/created"),"
	fi
	python3 -IS "$PROJECT/tests/watch/join_syn.py" 127.0.0.1 127.0.0.1 5005 - <"$TMP/tokens"
	accounted join_failed rate_limit "$KNOWN" '... and a join to each is attributed to its connection'
	hold_stop
	reported -n "$(printed created)" closed
}

watch_start tokens --no-initial --buffer 16384 --events created,closed,join_failed,listener_closed
KNOWN=0
join_all
# Again, with the places of those that have ended.
join_all
watched_all

done_testing
