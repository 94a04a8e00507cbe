#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --to tcp: sockets that ask for MPTCP become TCP, in scope only; and which of several enforcers decides.

. "$(dirname "$0")/lib.sh"

MANY_SOCKETS=$PROJECT/build/tests/many_sockets

# mptcp_in PATH: which protocol a socket gets there that asks for MPTCP.
mptcp_in() {
	protocol_in "$1" inet stream "$MPTCP"
}

# summary NAME: the last line of an enforcer.
summary() {
	tail -n 1 "$TMP/$1.err"
}

mkdir -p "$CGROUPS/app/inner" "$CGROUPS/app/not" "$CGROUPS/other"
is "$(mptcp_in app)" "$MPTCP" 'without enforcement, a socket that asks for MPTCP gets it'

force_start tcp --to tcp --cgroup "$CGROUPS/app" --exclude-cgroup "$CGROUPS/app/not"
like "$(cat "$TMP/tcp.err")" "^enforcing TCP for cgroup '$CGROUPS/app', except" 'it reports what is enforced'
is "$(mptcp_in app)" "$TCP" 'in scope it gets TCP'
is "$(mptcp_in app/inner)" "$TCP" '... also below the cgroup'
is "$(protocol_in app inet6 stream+nonblock+cloexec "$MPTCP")" "$TCP" '... with IPv6 and flags'
is "$(mptcp_in other)" "$MPTCP" '... and MPTCP out of scope'
is "$(mptcp_in app/not)" "$MPTCP" '... and where it is excluded'
is "$(tcp_in app)" "$TCP" 'a TCP socket in scope stays TCP'
is "$(protocol_in app inet stream "$TCP")" "$TCP" '... also one that asks for it'
is "$(protocol_in app inet dgram 0)" 17 '... and UDP stays UDP'
is "$(protocol_in app inet dgram "$MPTCP")" "$(protocol_in other inet dgram "$MPTCP")" \
	'a datagram socket that asks for MPTCP is refused as ever'
force_stop
like "$(summary tcp)" '^kept on TCP: 3, left as MPTCP: 1 \(excluded: 1\), bypassed by io_uring: [0-9]+$' \
	'the summary counts the sockets that it changed, and the excluded one'
is "$(mptcp_in app)" "$MPTCP" 'after enforcement has ended, it gets MPTCP again'

# The kernel skips a program that another task is in the middle of; a spare answers.
force_start threads --to tcp --cgroup "$CGROUPS/app"
is "$(in_cgroup app "$MANY_SOCKETS" 8 2000 "$MPTCP")" 0 'eight threads at once ask for MPTCP: none gets it'
is "$(in_cgroup other "$MANY_SOCKETS" 8 100 "$MPTCP")" 800 '... but outside the scope, all do'
is "$(protocol_in app uring inet stream "$MPTCP")" "$MPTCP" 'io_uring bypasses this, too'
protocol_in app uring inet stream 0 >/dev/null
force_stop
like "$(summary threads)" '^kept on TCP: 16000, .* io_uring: 1$' '... and the summary counts each once'

# The enforcer that started last decides.
force_start first --to tcp --cgroup "$CGROUPS/app"
first=$FORCE_PID
force_start second --cgroup "$CGROUPS/app/inner"
second=$FORCE_PID
is "$(tcp_in app/inner) $(mptcp_in app/inner)" "$MPTCP $MPTCP" 'MPTCP started last: everything is MPTCP'
is "$(tcp_in app) $(mptcp_in app)" "$TCP $TCP" '... and TCP where only the first enforces'
force_start third --to tcp --cgroup "$CGROUPS/app"
is "$(tcp_in app/inner) $(mptcp_in app/inner)" "$TCP $TCP" 'TCP started last: everything is TCP'
force_stop
is "$(tcp_in app/inner) $(mptcp_in app/inner)" "$MPTCP $MPTCP" '... until it ends'
force_stop "$second"
is "$(tcp_in app/inner) $(mptcp_in app/inner)" "$TCP $TCP" '... and after the second, the first decides'
force_stop "$first"
like "$(summary second)" '^upgraded: 2, left as TCP: 0 ' 'each counts the sockets that it decided: MPTCP'
like "$(summary third)" '^kept on TCP: 1, ' '... and TCP'

is "$("$MPTCP_FORCE" run --to tcp -- "$SOCKET_PROBE" inet stream "$MPTCP" 2>"$TMP/run.err")" "$TCP" \
	'run --to tcp keeps its command on TCP'
like "$(cat "$TMP/run.err")" 'enforcing TCP for .*kept on TCP: 1,' '... and reports that'
is "$("$MPTCP_FORCE" run --to mptcp -- "$SOCKET_PROBE" inet stream 0 2>"$TMP/run.err")" "$MPTCP" \
	'run --to mptcp is the default'

done_testing
