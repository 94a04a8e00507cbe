#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Subflows, the addresses they come from, joins that fail, and listeners, at both ends.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start subflows
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
for host in server client; do # a SYN is given up after 3 s
	on $host sysctl -qw net.ipv4.tcp_syn_retries=1
done

# second PORT: conditions for the events of the second subflow at either end.
second() {
	SECOND="netns == client and saddr == '192.168.6.221' and daddr == '192.168.4.2' and dport == $1"
	SECOND_THERE="netns == server and saddr == '192.168.4.2' and daddr == '192.168.6.221' and sport == $1"
}

ask server listen 0.0.0.0 5001
second 5001
meet_twice 192.168.1.2 5001
is "$(value "event == 'announced' and netns == client and daddr == '192.168.4.2'" 'dport, rem_id, token')" \
	"(5001, 1, '$TOKEN')" 'an address is announced to the client'
is "$(value "event == 'announced' and netns == server and daddr == '192.168.6.221'" 'dport, rem_id, token')" \
	"($SPORT, 1, '$TOKEN_THERE')" '... and one to the server'
is "$(value "event == 'sub_established' and $SECOND" 'loc_id, rem_id, backup, token')" \
	"(1, 1, False, '$TOKEN')" 'the subflow, at the client'
is "$(value "event == 'sub_established' and $SECOND_THERE" 'loc_id, rem_id, backup, token')" \
	"(1, 1, False, '$TOKEN_THERE')" '... and at the server'
ip -n "$LAB_NAME-client" mptcp endpoint change id 1 backup
reported sub_priority
is "$(value "event == 'sub_priority'" 'netns, saddr, backup')" "($SERVER, '192.168.4.2', True)" \
	'a priority is reported by the end that is asked to respect it'
ip -n "$LAB_NAME-client" mptcp endpoint change id 1 nobackup
reported -n 2 sub_priority
is "$(value "event == 'sub_priority'" backup)" 'True False' '... and the next'

part

ip -n "$LAB_NAME-server" mptcp limits set subflow 0
meet 192.168.1.2 5001
reported join_failed '"reason":"limit"'
is "$(value "event == 'join_failed' and $SECOND_THERE" 'join, reason')" "('peer', 'limit')" \
	'a join beyond the limit is refused'
reported sub_closed '"saddr":"192.168.6.221"'
like "$(value "event == 'sub_closed' and $SECOND" 'closed_by, reset_reason')" \
	"^\('peer', ('prohibited'|None)\)\$" '... which ends the subflow at the client, closed by the peer'
part
ip -n "$LAB_NAME-server" mptcp limits set subflow 8

# A reset on the first path.
meet_at_rest 192.168.1.2 5001
on r1 iptables -A FORWARD -p tcp -j REJECT --reject-with tcp-reset
ask server drain
ask client send 1000
reported sub_closed "\"token\":\"$TOKEN\".*\"saddr\":\"192.168.2.221\""
mend r1
# Linux 6.1 forgets the error.
like "$(value "event == 'sub_closed' and token == '$TOKEN' and saddr == '192.168.2.221'" 'closed_by, error')" \
	"^\('peer', (104|None)\)\$" 'a reset ends a subflow, apparently closed by the peer'
part

# Joins that fail.
ask server unlisten
ask server listen 192.168.1.2 5003
meet 192.168.1.2 5003
second 5003
reported join_failed "\"netns\":$CLIENT"
reported join_failed "\"netns\":$SERVER"
is "$(value "event == 'join_failed' and $SECOND" 'join, reason, error')" "('local', 'refused', 111)" \
	'a join to a port without a listener is refused, at the client'
is "$(value "event == 'join_failed' and $SECOND_THERE" 'join, reason, error')" "('peer', 'no_listener', None)" \
	'... and at the server, which did not request it'
part
ask server unlisten
ask server listen 0.0.0.0 5001
second 5001
fail r2
meet 192.168.1.2 5001
reported join_failed '"reason":"timeout"'
is "$(value "event == 'join_failed' and $SECOND and reason == 'timeout'" 'join, error')" "('local', 110)" \
	'a join without an answer times out'
mend r2
part
on r2 iptables -A FORWARD -p tcp --syn -j REJECT --reject-with icmp-host-unreachable
meet 192.168.1.2 5001
reported join_failed '"reason":"unreachable"'
is "$(value "event == 'join_failed' and $SECOND and reason == 'unreachable'" 'join, error')" "('local', 113)" \
	'a join that a router rejects is reported as unreachable'
mend r2
part
on client ip route add unreachable 192.168.4.2/32
meet 192.168.1.2 5001
reported join_failed "\"netns\":$CLIENT.*\"sport\":0,"
is "$(value "event == 'join_failed' and netns == client and sport == 0" 'join, reason, error, daddr, dport, rem_id')" \
	"('local', 'unreachable', 113, '192.168.4.2', 5001, 1)" '... and one without a route, which sends no SYN'
on client ip route delete unreachable 192.168.4.2/32
part
strip=(-p tcp --tcp-flags SYN NONE -j TCPOPTSTRIP --strip-options 30) # the third ACK, too
on r2 iptables -t mangle -A FORWARD "${strip[@]}"
meet 192.168.1.2 5001
reported join_failed '"reason":"hmac"'
is "$(value "event == 'join_failed' and $SECOND_THERE and reason == 'hmac'" join)" peer \
	'a join whose third ACK has no HMAC is refused'
on r2 iptables -t mangle -F FORWARD
part

"${ON_CLIENT[@]}" python3 -IS "$PROJECT/tests/watch/join_syn.py" 192.168.6.221 192.168.4.2 5001 0badcafe
reported join_failed '"reason":"token"'
is "$(value "event == 'join_failed' and reason == 'token'" 'join, netns, token, dport, rem_id, pid')" \
	"('peer', $SERVER, '0badcafe', 20000, 9, ${PEER_PID[server]})" 'a join with an unknown token'

peer_start other "${ON_SERVER[@]}"
ask other listen 0.0.0.0 5007
meet_twice 192.168.1.2 5001
"${ON_CLIENT[@]}" python3 -IS "$PROJECT/tests/watch/join_syn.py" 192.168.6.221 192.168.4.2 5007 "$TOKEN_THERE"
reported join_failed '"reason":"port"'
is "$(value "event == 'join_failed' and reason == 'port'" 'join, netns, token, sport, rem_id')" \
	"('peer', $SERVER, '$TOKEN_THERE', 5007, 9)" 'a join to a port that was not announced'
part
peer_stop other

# Listeners.
if kernel_has mptcp_event_pm_listener; then
	is "$(value "event == 'listener_created' and sport == 5003" 'netns, saddr, sport, pid')" \
		"($SERVER, '192.168.1.2', 5003, ${PEER_PID[server]})" 'a listener is created'
	meet 192.168.1.2 5001
	ask server unlisten
	reported listener_closed '"connections":1'
	is "$(value "event == 'listener_closed' and connections" 'sport, connections, joins_refused')" \
		'(5001, 1, True)' '... and closes while a connection is open: its joins will be refused'
	part
	ask server listen 0.0.0.0 5002
	ask server unlisten
	reported listener_closed '"sport":5002'
	is "$(value "event == 'listener_closed' and sport == 5002" 'connections, joins_refused')" '(0, False)' \
		'... and one without connections, too'
	ask server listen 0.0.0.0 0
	port=$ANSWER
	ask server relisten
	meet 192.168.1.2 "$port"
	ask server unlisten
	reported listener_closed "\"sport\":$port,"
	is "$(value "event == 'listener_closed' and sport == $port" 'connections, joins_refused')" '(1, True)' \
		'... and one whose port the kernel chose, and which called listen() twice'
	part
else
	like "$("$MPTCP_WATCH" check)" 'absent +event listener_created.*absent +event listener_closed' 'this kernel does not report listeners'
	is "$(count "event in ('listener_created', 'listener_closed')")" 0 '... and none is reported'
fi

# Removed addresses.
ask server listen 0.0.0.0 5004
second 5004
meet_twice 192.168.1.2 5004
SECOND+=" and token == '$TOKEN'"
SECOND_THERE+=" and token == '$TOKEN_THERE'"
is "$(count "event == 'removed'")" 0 'so far, no address was removed'
before=$(count "event == 'sub_closed'")
ip -n "$LAB_NAME-server" mptcp endpoint delete id 1
reported removed
reported -n $((before + 2)) sub_closed
is "$(value "event == 'removed'" 'netns, rem_id')" "($CLIENT, 1)" 'an address is removed'
# Both ends close it, and the second may find that the other was first.
closed="event == 'sub_closed' and ($SECOND or $SECOND_THERE) and not (error or reset_reason)"
like "$(value "$closed" closed_by)" '^(local local|local peer|peer local)$' \
	'... and both ends close its subflow'
part

watched_all
done_testing
