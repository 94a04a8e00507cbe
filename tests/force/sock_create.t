#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What other BPF programs set on a new socket, a device or a mark, does not reach the subflows of an
# MPTCP socket: a task in such a cgroup is left on TCP.

. "$(dirname "$0")/lib.sh"

HOST=sock_create$$-host PEER=sock_create$$-peer

# shellcheck disable=SC2317 # called by the trap
remove_namespaces() {
	ip netns del "$HOST" 2>/dev/null
	ip netns del "$PEER" 2>/dev/null
	cleanup
}
trap remove_namespaces EXIT

# mark_in PATH: the mark of a new socket there.
mark_in() {
	in_cgroup "$1" python3 -c 'import socket
print(socket.socket().getsockopt(socket.SOL_SOCKET, 36))' # SO_MARK
}

mkdir -p "$CGROUPS/app/marked/inner" "$CGROUPS/app/other"
force_start force --cgroup "$CGROUPS/app"
attach mark 7 app/marked
is "$(tcp_in app/marked)" "$TCP" 'a task in a cgroup with a sock_create program is left on TCP'
is "$(tcp_in app/marked/inner)" "$TCP" '... below it, too'
is "$(mark_in app/marked) $(mark_in app/other)" '7 0' '... and its sockets have the mark that the program sets'
is "$(tcp_in app/other)" "$MPTCP" '... and not one beside it'
is "$(tcp_in app)" "$MPTCP" '... or above it'
attach mark 8 app/marked
is "$(tcp_in app/marked)" "$TCP" '... also with two programs'
detach
is "$(tcp_in app/marked)" "$MPTCP" 'once they are detached, it gets MPTCP'
attach connect 5005 app/marked
is "$(tcp_in app/marked)" "$MPTCP" 'a program of another type does not matter'
detach
force_stop
like "$(tail -n 1 "$TMP/force.err")" 'left as TCP: 4 .*with sock_create programs: 4,' 'the summary counts those sockets'

# A VRF: the peer is reachable through it alone. The main table leads nowhere.
modprobe vrf
ip netns add "$HOST"
ip netns add "$PEER"
ip -n "$HOST" link add dev veth0 type veth peer name veth0 netns "$PEER"
ip -n "$HOST" link add blue type vrf table 10
ip -n "$HOST" link set veth0 master blue
ip -n "$HOST" addr add 10.9.0.1/24 dev veth0
ip -n "$PEER" addr add 10.9.0.2/24 dev veth0
for link in blue veth0 lo; do ip -n "$HOST" link set "$link" up; done
for link in veth0 lo; do ip -n "$PEER" link set "$link" up; done
ip netns exec "$PEER" python3 -c '
import socket
server = socket.create_server(("10.9.0.2", 5006))
while True:
    connection, _ = server.accept()
    connection.sendall(b"hello")
    connection.close()' &
FORCE_PIDS+=("$!")
wait_for 30 ip netns exec "$PEER" ss -ltnH 'sport = :5006'

# ask PATH COMMAND...: what the peer says to a program in that cgroup, started by COMMAND.
ask() {
	local path=$1
	shift
	in_cgroup "$path" ip netns exec "$HOST" "$@" python3 -c '
import socket
s = socket.create_connection(("10.9.0.2", 5006), timeout=20)
print(s.getsockopt(socket.SOL_SOCKET, 38), s.recv(100).decode())' 2>&1 | tail -n 1 # SO_PROTOCOL
}
force_start vrf --all
is "$(ask app ip vrf exec blue)" "$TCP hello" 'ip vrf exec: the program is left on TCP, and reaches the peer'
like "$(ask app)" 'unreachable' '... which is not to be reached from outside the VRF'
like "$("$MPTCP_FORCE" run -- true 2>&1)" 'upgraded: 0' '... while others can enforce'

# A listener there is to be reached through the VRF only.
in_cgroup app ip netns exec "$HOST" ip vrf exec blue python3 -c '
import socket
server = socket.create_server(("0.0.0.0", 5007))
print(server.getsockopt(socket.SOL_SOCKET, 38), flush=True) # SO_PROTOCOL
while True:
    connection, _ = server.accept()
    connection.sendall(b"hello")
    connection.close()' >"$TMP/listener" 2>&1 &
FORCE_PIDS+=("$!")
# reach NAMESPACE ADDRESS: what the listener says to a program there, which is forced.
reach() {
	ip netns exec "$1" python3 -c '
import socket
s = socket.create_connection(("'"$2"'", 5007), timeout=20)
print(s.getsockopt(socket.SOL_SOCKET, 38), s.recv(100).decode())' 2>&1 | tail -n 1 # SO_PROTOCOL
}
wait_for 30 grep -q . "$TMP/listener"
is "$(cat "$TMP/listener")" "$TCP" 'ip vrf exec: a listener is left on TCP'
is "$(reach "$PEER" 10.9.0.1)" "$MPTCP hello" '... is reached through the VRF'
like "$(reach "$HOST" 127.0.0.1)" refused '... and not from outside it'
force_stop
like "$(tail -n 1 "$TMP/vrf.err")" 'with sock_create programs: [1-9]' '... and counted'

done_testing
