#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# How long an outage was, where the times that TCP keeps mislead: a dead path's are old.

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

watched_all
done_testing
