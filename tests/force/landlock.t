#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Landlock's rules for TCP ports do not hold for MPTCP sockets: a task with such rules is left on TCP.

. "$(dirname "$0")/lib.sh"

LANDLOCK=$PROJECT/build/tests/landlock

# protocol_under HANDLED[,HANDLED...]: which protocol a socket gets in app, in such a domain.
protocol_under() {
	in_cgroup app "$LANDLOCK" "$1" "$SOCKET_PROBE" inet stream 0
}

# attempt HANDLED OPERATION: what comes of connecting or binding in app, in such a domain.
attempt() {
	in_cgroup app "$LANDLOCK" "$1" python3 -c "
import socket
s = socket.socket()
try:
    s.$2(('127.0.0.1', 5004))
except OSError as error:
    print(error.strerror)
else:
    print('done')" 2>&1
}

mkdir -p "$CGROUPS/app"
ip link set lo up
is "$(attempt connect connect)" 'Permission denied' 'on TCP, a domain denies connect()'
is "$(attempt bind bind)" 'Permission denied' '... and bind()'

force_start force --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'a task without a domain gets MPTCP'
is "$(protocol_under connect)" "$TCP" 'one whose domain handles connect() is left on TCP'
is "$(protocol_under bind)" "$TCP" '... and one whose domain handles bind()'
is "$(protocol_under make_sock)" "$MPTCP" '... but one whose domain is about files gets MPTCP'
is "$(protocol_under make_sock,connect,make_sock)" "$TCP" 'in nested domains, one with TCP rules decides'
is "$(protocol_under make_sock,make_sock,make_sock)" "$MPTCP" '... if there is one'
is "$(attempt connect connect)" 'Permission denied' 'a domain still denies connect()'
is "$(attempt bind bind)" 'Permission denied' '... and bind()'
is "$(attempt bind connect)" 'Connection refused' '... and does not deny what it does not handle'
is "$("$LANDLOCK" connect "$SOCKET_PROBE" inet stream 0)" "$TCP" 'a task out of scope is on TCP'
force_stop
like "$(cat "$TMP/force.err")" 'upgraded: 3, left as TCP: 6 .*restricted by Landlock: 6,' \
	'the summary counts those in scope, each once'

force_start mptcp --to tcp --cgroup "$CGROUPS/app"
is "$(in_cgroup app "$LANDLOCK" connect "$SOCKET_PROBE" inet stream "$MPTCP")" "$TCP" \
	'--to tcp changes sockets of restricted tasks, too'
force_stop

# A kernel that does not show where Landlock keeps its data: see also tests/unit/force/enforcement_test.c.
grep -v ' landlock_blob_sizes$' /proc/kallsyms >"$TMP/kallsyms"
# shellcheck disable=SC2016 # for the inner shell
like "$(unshare -m sh -c 'mount --bind "$0" /proc/kallsyms && exec "$@"' "$TMP/kallsyms" "$MPTCP_FORCE" check)" \
	'absent +a way to recognize tasks .*--landlock-unknown=allow.*this host can make programs use MPTCP' \
	'where domains cannot be found, check warns, with the remedy'
is "$("$MPTCP_FORCE" run -q --landlock-unknown=allow -- "$LANDLOCK" connect "$SOCKET_PROBE" inet stream 0)" "$TCP" \
	'where they can, --landlock-unknown=allow changes nothing'

done_testing
