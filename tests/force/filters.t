#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Filters of others hold for forced programs as for TCP: BPF programs at a cgroup that deny connect() or
# bind() (as systemd's SocketBindDeny= does) or drop packets (IPAddressDeny=), seccomp filters, and other
# programs at the same hook.

. "$(dirname "$0")/lib.sh"

SECCOMP=$PROJECT/build/tests/seccomp_filter

# attempt OPERATION PORT: what comes of connecting to a port of this host, or of binding to it, in app.
attempt() {
	in_cgroup app python3 -c "
import socket
s = socket.socket()
try:
    s.$1(('127.0.0.1', $2))
except OSError as error:
    print(s.getsockopt(socket.SOL_SOCKET, 38), error.strerror) # SO_PROTOCOL
else:
    print(s.getsockopt(socket.SOL_SOCKET, 38), 'done')"
}

mkdir -p "$CGROUPS/app"
modprobe sctp
ip link set lo up
attach connect 5007 app
attach bind 5007 app
is "$(attempt connect 5007)" "$TCP Operation not permitted" 'on TCP, a program denies connect()'
is "$(attempt bind 5007)" "$TCP Operation not permitted" '... and bind()'

force_start force --cgroup "$CGROUPS/app"
is "$(attempt connect 5007)" "$MPTCP Operation not permitted" 'on MPTCP, connect() is denied'
is "$(attempt connect 5008)" "$MPTCP Connection refused" '... to that port only'
is "$(attempt bind 5007)" "$MPTCP Operation not permitted" '... bind() is denied'
is "$(attempt bind 5008)" "$MPTCP done" '... to that port only'
detach
is "$(attempt bind 5007)" "$MPTCP done" '... until the programs are gone'

# Seccomp filters run before the hook, and see what the program asked for.
under_filter() {
	in_cgroup app "$SECCOMP" "$1" "$SOCKET_PROBE" inet stream "$2"
}
is "$(under_filter "$MPTCP" "$MPTCP")" EACCES 'a seccomp filter that refuses MPTCP refuses what asks for it'
is "$(under_filter "$MPTCP" 0)" "$MPTCP" '... not what is forced'
is "$(under_filter "$TCP" "$TCP")" EACCES '... and one that refuses TCP refuses that'

# Another program at the hook: the one that was attached last is called first, and its answer holds.
attach hook 132
is "$(tcp_in app)" 132 'another program at the hook that was attached later decides'
is "$(protocol_in app inet6 stream 0)" "$MPTCP" '... if it answers'
detach
is "$(tcp_in app)" "$MPTCP" '... as long as it is attached'
force_stop
like "$(tail -n 1 "$TMP/force.err")" '^upgraded: 8,' 'the summary does not count what the other decided'
attach hook 132
force_start later --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'another program that was attached earlier does not'
is "$(tcp_in .)" 132 '... out of scope, it does'
force_stop

done_testing
