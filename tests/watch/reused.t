#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A connection loses its last subflow with data on it, and gets a new one, whose socket has the same address in
# memory: the kernel reuses the memory of a freed socket. There is a failover to the new subflow each time.

. "$(dirname "$0")/lib.sh"

ROUNDS=10

lab_up
watch_start reused
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
ask server listen 0.0.0.0 5001
# Each subflow after the first has its own source address, uses r2, and is requested here.
ip -n "$LAB_NAME-server" mptcp endpoint flush
ip -n "$LAB_NAME-client" mptcp endpoint flush
ip -n "$LAB_NAME-client" address add 192.168.6.222/24 dev eth2
ip -n "$LAB_NAME-client" rule add from 192.168.6.0/24 lookup 6
ip -n "$LAB_NAME-client" route add default via 192.168.6.202 table 6
ip -n "$LAB_NAME-r2" route add 192.168.1.2 via 192.168.4.2

# Each processor has its own list of freed sockets: on one processor, the last freed one is reused first.
on_one_processor() { # COMMAND...
	taskset -c 0 nsenter "--net=/run/netns/$LAB_NAME-client" -- "$@"
}

# kill_subflow SOURCE: kills the client's subflow with that address.
kill_subflow() {
	on_one_processor ss -tK src "$1" dport = 5001 >/dev/null
	reported sub_closed "\"token\":\"$TOKEN\",.*\"saddr\":\"$1\""
}

# add_subflow ADDRESS: adds a subflow from that address.
add_subflow() {
	on_one_processor ip mptcp endpoint add "$1" dev eth2 subflow
}

lose_last_subflow() {
	meet 192.168.1.2 5001
	reported created "\"sport\":$SPORT,.*\"server_side\":false"
	TOKEN=$(value "event == 'created' and sport == $SPORT and not server_side" token)
	CREATED_NS=$(value "event == 'created' and token == '$TOKEN'" mono_ns)
	add_subflow 192.168.6.221
	reported sub_established "\"token\":\"$TOKEN\""
	kill_subflow 192.168.2.221
	fail r2
	ask client send 5000
	kill_subflow 192.168.6.221
	mend r2
	add_subflow 192.168.6.222
	reported resumed "\"token\":\"$TOKEN\"" || true
	ask server receive 5000
	part
	ip -n "$LAB_NAME-client" mptcp endpoint flush
}

for ((round = 1; round <= ROUNDS; round++)); do
	lose_last_subflow
	is "$(value "token == '$TOKEN' and event in ('failover', 'resumed', 'closed')" event)" \
		'failover resumed closed' "round $round: a failover, its resumption, and the end of the connection"
	is "$(count "token == '$TOKEN' and event in ('failover', 'resumed') and cause == 'closed' and
		from_['saddr'] == '192.168.6.221' and to['saddr'] == '192.168.6.222' and
		(event == 'failover' or 0 < outage_ns < mono_ns - $CREATED_NS)")" 2 '... from the dead subflow to the new one'
done

watched_all
done_testing
