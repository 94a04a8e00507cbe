#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The option bridge: socket options of forced programs are answered as on TCP, reach every subflow, or stay refused.
# options.py makes the calls. More, which takes longer, is in bridge_stress.t.

. "$(dirname "$0")/lib.sh"

OPTIONS=$PROJECT/tests/force/options.py
SUBFLOWS=/sys/fs/bpf/mptcp-force-test-subflows

# The lab of this test: two addresses of each family on lo, in the network namespace of mptcp-force.
ip link set lo up
ip addr add fd00::1/128 dev lo
ip addr add fd00::2/128 dev lo
ip mptcp limits set subflow 2 add_addr_accepted 2
ip mptcp endpoint add 127.0.0.2 dev lo subflow
ip mptcp endpoint add fd00::2 dev lo subflow
mkdir -p "$CGROUPS/app" "$CGROUPS/plain"
bpftool iter pin "$PROJECT/build/tests/force/subflows.bpf.o" "$SUBFLOWS"
# shellcheck disable=SC2317 # called by trap
clean_bridge() {
	rm -f "$SUBFLOWS"
	ip mptcp endpoint flush
	ip addr del fd00::1/128 dev lo
	ip addr del fd00::2/128 dev lo
	cleanup
}
trap clean_bridge EXIT

# options CGROUP ACTION [ARG...]: what a program there sees.
options() {
	local cgroup=$1
	shift
	in_cgroup "$cgroup" python3 "$OPTIONS" "$@" 2>&1
}

# Before anything is enforced: what TCP answers, and what MPTCP refuses.
options plain answers connected accepted >"$TMP/tcp"
like "$(wc -l <"$TMP/tcp")" '^[0-9]{4}$' 'TCP answers'
OPTIONS_PROTOCOL="$MPTCP" options plain refused >"$TMP/kernel"

force_start force --cgroup "$CGROUPS/app"
# shellcheck disable=SC2153 # force_start sets it
FIRST=$FORCE_PID

# Remembered and applied options, as TCP answers them.
is "$(options app answers connected accepted | diff "$TMP/tcp" - | head -n 20)" '' 'a forced program gets the answers of TCP'
is "$(options app inherited | paste -sd' ')" 'accepted 7777 client 0 accepted 8888 listener 7777' \
	'accepted sockets inherit the options, and keep their own'
is "$(options app forked | paste -sd' ')" 'child 1111 parent 2222' 'an option set between fork() and connect() is the same for both'

# On each subflow, in what the kernel keeps for it.
applied='syncnt 3 user_timeout 54321 thin 1 save_syn 1 maxseg 1000 clamp [0-9]+ rate 1234567 txrehash 0'
for family in 4 6; do
	options app subflows $family before "$SUBFLOWS" >"$TMP/subflows"
	is "$(grep -cE "^client $applied" "$TMP/subflows")" 2 "IPv$family: both subflows of the client have the options"
	is "$(grep -cE "^server $applied" "$TMP/subflows")" 2 '... and both of the server, from its listener'
	is "$(grep -c '^client .* clamp 30000 ' "$TMP/subflows")" 2 '... and TCP_WINDOW_CLAMP on both'
	[ $family = 4 ] || is "$(grep -c ' tclass 32$' "$TMP/subflows")" 4 '... the traffic class is set on all'
done
options app subflows 4 after "$SUBFLOWS" >"$TMP/subflows"
is "$(grep -cE "^(client|server) $applied" "$TMP/subflows")" 4 'set later: all subflows that exist have them'
OPTIONS_PROTOCOL="$MPTCP" options plain subflows 4 before "$SUBFLOWS" >"$TMP/subflows"
is "$(grep -c 'syncnt 0 user_timeout 0 thin 0 save_syn 0 ' "$TMP/subflows")" 4 'outside the scope, no subflow has them'
like "$(cat "$TMP/subflows")" 'option 18 of level 6: ENOPROTOOPT' "... and the errors are the kernel's"

# What stays refused, and what is not ours.
is "$(options app refused | diff "$TMP/kernel" -)" '' "refused options keep the kernel's errors"
is "$(options app dontroute)" ENOTSUP 'SO_DONTROUTE, which MPTCP ignores, is refused'
is "$(options plain dontroute)" ok '... but not outside the scope'
is "$(options app user_timeout "$MPTCP" | sort -u)" "$(options plain user_timeout "$MPTCP" | sort -u)" \
	'a socket that asked for MPTCP is not bridged, nor what it accepts'
like "$(options plain user_timeout "$MPTCP")" 'client ENOPROTOOPT ENOTSUP' "... the errors are the kernel's"
is "$(options app user_timeout | sort -u | paste -sd,)" 'accepted ok 5000,client ok 5000,listener ok 5000' \
	'... the next socket is'

# A connection that falls back, because its peer is plain TCP.
options plain serve 7000 >"$TMP/server" &
FORCE_PIDS+=($!)
wait_for 30 grep -q ready "$TMP/server"
is "$(options app fallen_back 127.0.0.1 7000 | paste -sd,)" 'kept 0 5000,set ok 6000' \
	'after a fallback, options are passed on, and what was set before is answered'
end_all plain

# A removed cgroup that is re-created, without help of mptcp-force.
mkdir -p "$CGROUPS/parent/again"
force_start again --cgroup "$CGROUPS/parent/again"
AGAIN=$FORCE_PID
kill -STOP "$AGAIN"
rmdir "$CGROUPS/parent/again"
mkdir "$CGROUPS/parent/again"
is "$(options parent/again user_timeout | sort -u | paste -sd,)" \
	'accepted ok 5000,client ok 5000,listener ok 5000' 'a re-created cgroup is bridged from its first socket on'
kill -CONT "$AGAIN"
force_stop "$AGAIN"

# Two enforcers of one cgroup; then one is killed, then the other.
force_start second --cgroup "$CGROUPS/app" --disguise
SECOND=$FORCE_PID
is "$(options app inherited | paste -sd' ')" 'accepted 7777 client 0 accepted 8888 listener 7777' \
	'two enforcers bridge a cgroup as one does'
is "$(options app protocols)" "$TCP $TCP" '--disguise: the sockets say that they are TCP'
kill -KILL "$SECOND"
is "$(options app protocols)" "$MPTCP $MPTCP" '... not without it'
make_pipe "$TMP/lines"
options app waiting <"$TMP/lines" >"$TMP/waiting" &
FORCE_PIDS+=($!)
wait_for 30 grep -q . "$TMP/waiting"
kill -KILL "$FIRST"
wait "$FIRST" 2>/dev/null || true
echo >&8
wait_for 30 grep -q ENOPROTOOPT "$TMP/waiting"
is "$(paste -sd, "$TMP/waiting")" 'ok 5000,ENOPROTOOPT ENOTSUP' \
	"after the enforcer was killed, a socket with options gets the kernel's own answers"
end_all app

# A program that asks for a refused option.
force_start opting --cgroup "$CGROUPS/app" --opt-out
is "$(options app protocols)" "$MPTCP $TCP" '--opt-out: after a refused option, the next socket is TCP'
is "$(options app protocols)" "$TCP $TCP" '... also of the next process of that program'
is "$(tcp_in app)" "$MPTCP" '... but not of another program'
force_stop
like "$(cat "$TMP/opting.err")" "left on TCP after a refused socket option: 'python3' \(TCP_MD5SIG\)" \
	'the summary names program and option'
like "$(cat "$TMP/opting.err")" 'opted out: [1-9]' '... and counts its sockets'

# The whole host.
force_start all --all
is "$(options plain user_timeout | sort -u | paste -sd,)" 'accepted ok 5000,client ok 5000,listener ok 5000' \
	'--all: every cgroup is bridged'
force_stop
done_testing
