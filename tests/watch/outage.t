#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The length of an outage where the times that TCP keeps are misleading: those of a dead path are old.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start outage
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
ask server listen 0.0.0.0 5001

# dropped: the number of the client's packets that r1 has dropped.
dropped() {
	on r1 iptables -nvxL FORWARD | awk '$3 == "DROP" { print $1 }'
}

# shellcheck disable=SC2317 # called by wait_for
has_dropped() {
	[ "$(dropped)" -ge "$1" ]
}

# The second path is a backup, and the first never becomes stale: it gets all new data, although it is dead.
for host in client server; do
	on $host sysctl -qw net.mptcp.stale_loss_cnt=100
done
ip -n "$LAB_NAME-client" mptcp endpoint flush
ip -n "$LAB_NAME-client" mptcp endpoint add 192.168.6.221 dev eth2 subflow backup
meet_in_time 192.168.1.2 5001
fail r1
ask client send 1000
ok 'a path fails: a failover' reported resumed "\"token\":\"$TOKEN\""
# Meanwhile its TCP keeps retransmitting data that has already arrived.
wait_for 60 has_dropped $(($(dropped) + 2))
note_time
ask client send 1000
ok 'it gets more data after a while: a second failover' reported -n 2 resumed "\"token\":\"$TOKEN\""
is "$(value "token == '$TOKEN' and event in ('failover', 'resumed')" event)" \
	'failover resumed failover resumed' '... only these'
is "$(value "token == '$TOKEN' and event == 'resumed'" "mono_ns - outage_ns > $NOW_NS")" 'False True' \
	'... which begins when that data was sent'
ask server receive 2000
part

watched_all
done_testing
