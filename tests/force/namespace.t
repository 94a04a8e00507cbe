#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where MPTCP is disabled in the network namespace, socket() must still work, and create TCP sockets.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/app"
ip netns add without
ip netns add with
enabled_in() { # NAMESPACE VALUE
	ip netns exec "$1" sysctl -q -w "net.mptcp.enabled=$2"
}
tcp_in_namespace() {
	in_cgroup app ip netns exec "$1" "$SOCKET_PROBE" inet stream 0
}
enabled_in without 0

force_start force --cgroup "$CGROUPS/app"
is "$(tcp_in_namespace without)" "$TCP" 'MPTCP disabled: the socket is TCP'
is "$(tcp_in_namespace with)" "$MPTCP" '... enabled in another namespace: MPTCP'
enabled_in without 1
is "$(tcp_in_namespace without)" "$MPTCP" 'enabled later: MPTCP'
enabled_in without 0
is "$(tcp_in_namespace without)" "$TCP" 'disabled again: TCP'
is "$(tcp_in app)" "$MPTCP" 'the first namespace is not affected'
force_stop
like "$(cat "$TMP/force.err")" \
	'upgraded: 3, left as TCP: 2 \(MPTCP disabled in the network namespace: 2,' \
	'the summary says why they were left as TCP'

ip netns del without
ip netns del with
done_testing
