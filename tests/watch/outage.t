#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How long an outage was, where the times that TCP keeps mislead: a dead path's are old, and those of paced
# packets lie ahead.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start outage
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
ask server listen 0.0.0.0 5001

# dropped: how many packets of the client r1 has dropped.
dropped() {
	on r1 iptables -nvxL FORWARD | awk '$3 == "DROP" { print $1 }'
}

# shellcheck disable=SC2317 # called by wait_for
has_dropped() {
	[ "$(dropped)" -ge "$1" ]
}

# The second path is a backup, and the first never stale: it gets all new data, though it is dead.
for host in client server; do
	on $host sysctl -qw net.mptcp.stale_loss_cnt=100
done
ip -n "$LAB_NAME-client" mptcp endpoint flush
ip -n "$LAB_NAME-client" mptcp endpoint add 192.168.6.221 dev eth2 subflow backup
meet_twice 192.168.1.2 5001
fail r1
ask client send 1000
ok 'a path dies: a failover' told resumed "\"token\":\"$TOKEN\""
# Meanwhile its TCP keeps trying to deliver what nobody waits for.
wait_for 60 has_dropped $(($(dropped) + 2))
read -r UPTIME _ </proc/uptime
ask client send 1000
ok 'it gets more after a while: a second failover' told -n 2 resumed "\"token\":\"$TOKEN\""
is "$(value "token == '$TOKEN' and event in ('failover', 'resumed')" event)" \
	'failover resumed failover resumed' '... just these'
is "$(value "token == '$TOKEN' and event == 'resumed'" "mono_ns - outage_ns > ${UPTIME/./}e7")" 'False True' \
	'... which begins when that was sent'
ask server receive 2000
part
mend r1
ip -n "$LAB_NAME-client" mptcp endpoint flush
ip -n "$LAB_NAME-client" mptcp endpoint add 192.168.6.221 dev eth2 subflow

# The first path sends so slowly that it keeps the second packet back for seconds, and has given it the time
# when it is to leave. Meanwhile the path is removed.
on client sysctl -qw net.ipv4.tcp_pacing_ss_ratio=1 net.ipv4.tcp_pacing_ca_ratio=1
on client tc qdisc add dev eth1 root fq
on r1 tc qdisc add dev eth2 root netem delay 300ms

# shellcheck disable=SC2317 # called by wait_for
nothing_unacked() {
	! on client ss -Htni "src 192.168.2.221 and dport = 5001" | grep -q unacked
}

meet_twice 192.168.1.2 5001
# TCP does not pace its first ten segments (tcp_update_skb_after_send()).
for ((segment = 1; segment <= 10; segment++)); do
	ask client send 1
	ask server receive 1
done
ask client send 1000
ask server receive 1000
wait_for "$DEADLINE" nothing_unacked
ask client send 1000
ip -n "$LAB_NAME-client" mptcp endpoint delete id 0 192.168.2.221
ok 'a path is removed before it has sent: a failover' told resumed "\"token\":\"$TOKEN\""
ask server receive 1000
part
is "$(value "token == '$TOKEN' and event == 'failover'" 'cause, last_progress_ns < 1e9')" "('removed', True)" \
	'... of data that was given to it just now'

watched_all
done_testing
