#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Sockets made by io_uring skip the kernel's hook: they stay TCP, and the summary says how many.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/app" "$CGROUPS/other"
force_start force --cgroup "$CGROUPS/app"
is "$(protocol_in app uring inet stream 0)" "$TCP" 'a socket made by io_uring stays TCP'
is "$(protocol_in app uring inet6 stream 6)" "$TCP" '... IPv6 too'
is "$(protocol_in app uring inet stream 262)" "$MPTCP" '... unless it asks for MPTCP'
is "$(protocol_in app uring inet dgram 0)" 17 'UDP stays UDP'
is "$(protocol_in app uring inet raw 0)" EPROTONOSUPPORT 'a refused socket is still refused'
is "$(protocol_in other uring inet stream 0)" "$TCP" 'outside the scope, it is TCP'
is "$(tcp_in app)" "$MPTCP" 'a socket made by socket() is MPTCP'
force_stop
like "$(cat "$TMP/force.err")" 'upgraded: 1, .*bypassed by io_uring: 2$' \
	'the summary counts exactly the two sockets in scope that would have been upgraded'

done_testing
