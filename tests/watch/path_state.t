#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The state of a connection's paths costs something for each of its packets. Only a connection that had a failover
# has it, and not one that only waited for its single path.

. "$(dirname "$0")/lib.sh"

lab_up
sysctl -qw kernel.bpf_stats_enabled=1
watch_start path_state --no-initial
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"
ask server listen 0.0.0.0 5001

# The number of connections that have path state.
connections_with_path_state() {
	bpftool -j map dump name watch_bp.bss |
		jq '[.. | objects | select(has("path_state_counts")) | .path_state_counts[]] | add'
}

# How often the kernel's MPTCP retransmission timer has fired and was handled.
timers() {
	bpftool -j prog show name retrans_end | jq '[.. | objects | .run_cnt // 0] | add'
}

# shellcheck disable=SC2317 # called by wait_for
timer_fired() {
	[ "$(timers)" -gt "$TIMERS" ]
}

is "$(connections_with_path_state)" 0 'at first there is no path state'
for host in client server; do
	ip -n "$LAB_NAME-$host" mptcp limits set subflow 0 add_addr_accepted 0
done
meet 192.168.1.2 5001
fail r1
TIMERS=$(timers)
ask client send 1000
ok 'the only path drops the data, and the timer fires' wait_for "$DEADLINE" timer_fired
mend r1
ask server receive 1000
is "$(connections_with_path_state)" 0 '... which leaves no path state'
part

for host in client server; do
	ip -n "$LAB_NAME-$host" mptcp limits set subflow 8 add_addr_accepted 8
done
meet_in_time 192.168.1.2 5001
fail r1
ask client send 1000
ok 'one of two paths drops the data: a failover' reported resumed "\"token\":\"$TOKEN\""
ok '... which leaves path state, as its stale copies do' test "$(connections_with_path_state)" -ge 1
mend r1
part
is "$(connections_with_path_state)" 0 '... until the connection ends'

watched_all
done_testing
