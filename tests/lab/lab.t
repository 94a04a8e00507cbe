#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: host
#
# The lab matches its picture, fails where it should, and leaves nothing behind. Needs root.
#
# shellcheck disable=SC2317 # the checks call functions by name, and so does trap

set -euo pipefail

HERE=$(dirname "$(readlink -f "$0")")
# shellcheck source=tests/lib/tap.sh
. "$HERE/../lib/tap.sh"

LAB=$HERE/lab
TALK=$HERE/talk.py
ONE=labt$$-a
TWO=labt$$-b
WORK=$(mktemp -d)

export LAB_NAME=$ONE

# No namespace remains, whatever happens. A test that stops half way prints the last message.
clean_up() {
	[ $? -eq 0 ] || diag "the last message of lab: $(cat "$WORK/err" 2>/dev/null)"
	LAB_NAME=$ONE "$LAB" down || true
	LAB_NAME=$TWO "$LAB" down || true
	rm -rf "$WORK"
}
trap clean_up EXIT

lab() {
	"$LAB" "$@" >"$WORK/out" 2>"$WORK/err"
}

# lab_status WANTED NAME ARGUMENT...: the exit status of lab.
lab_status() {
	local wanted=$1 name=$2 status=0
	shift 2
	lab "$@" || status=$?
	is "$status" "$wanted" "$name"
}

said() {
	cat "$WORK/err"
}

pings() {
	lab exec client ping -q -c 1 -W 1 "$1"
}

loses_nothing() {
	lab exec client ping -q -c 20 -i 0.01 -W 1 "$1" && grep -q ' 0% packet loss' "$WORK/out"
}

# gateway ADDRESS: where the client sends to reach it.
gateway() {
	"$LAB" exec client ip -o route get "$1" | sed -n 's/.* via \([^ ]*\) .*/\1/p'
}

# forwarded ROUTER: packets of both families.
forwarded() {
	"$LAB" counter "$1" IpForwDatagrams Ip6OutForwDatagrams
}

# forwards ROUTER COMMAND...: the router forwards both ways while the command runs.
forwards() {
	local router=$1 before
	before=$(forwarded "$router")
	shift
	"$@" || return 1
	[ "$(forwarded "$router")" -ge $((before + 2)) ]
}

forwards_not() {
	local router=$1 before
	before=$(forwarded "$router")
	shift
	"$@" || return 1
	[ "$(forwarded "$router")" -eq "$before" ]
}

# subflows LOCAL REMOTE: the client's MPTCP subflows between these addresses, written as in ss.
subflows() {
	"$LAB" exec client ss -tnHOi state established |
		grep -F tcp-ulp-mptcp | grep -F "$1:" | grep -cF "$2:5003"
}

has_subflow() {
	[ "$(subflows "$1" "$2")" -ge 1 ]
}

namespaces() {
	ip netns list | grep -c "^$1-" || true
}

# Settings of the host that the lab could change by mistake.
host_settings() {
	sysctl -a --pattern '^net\.(mptcp|ipv4\.(ip_forward|tcp_congestion|conf\.(all|default))|ipv6\.conf\.(all|default))'
	iptables -S
	ip6tables -S
}

# start NAME COMMAND...: in the background, until it has said 'ready'; its pid is in STARTED.
start() {
	local name=$1
	shift
	"$LAB" exec "$@" >"$WORK/$name" 2>"$WORK/$name.err" &
	STARTED=$!
	wait_for 20 grep -q ready "$WORK/$name"
}

stop() {
	kill "$@"
	wait "$@" 2>/dev/null || true
}

gone() {
	! kill -0 "$1" 2>/dev/null
}

usage_errors() {
	local line
	while read -r line; do
		# shellcheck disable=SC2086 # words
		lab_status 2 "usage error: lab $line" $line
		like "$(said)" "see 'lab help'" "  and says where to look"
	done <<-'END'

		uup
		up now
		down r1
		status please
		fail
		fail r3
		fail client
		fail r1 nosuchkind
		fail r1 apply
		fail r1 drop now
		restore
		restore r3
		exec
		exec client
		exec nobody true
		counter
		counter client
		counter nobody IpForwDatagrams
	END
	lab exec nobody true || true
	like "$(said)" 'server client r1 r2' "an unknown host: the message lists the hosts"
	LAB_NAME='a b' lab_status 2 "a name that no namespace can have" up
	is "$(namespaces "$ONE")" 0 "none of these created a namespace"
}

not_up() {
	local verb
	for verb in status "fail r1" "restore r1" "exec client true"; do
		# shellcheck disable=SC2086 # words
		lab_status 1 "not up: lab $verb fails" $verb
		like "$(said)" "lab up'" "  and says how to bring it up"
	done
	lab_status 0 "down when it is down succeeds" down
	lab_status 0 "help" help
}

all_or_nothing() {
	mkdir -p "$WORK/bin"
	cat >"$WORK/bin/ip" <<-END
		#!/bin/sh
		case "\$*" in *'mptcp endpoint'*) echo 'no endpoints today' >&2; exit 1 ;; esac
		exec $(command -v ip) "\$@"
	END
	chmod +x "$WORK/bin/ip"
	PATH=$WORK/bin:$PATH lab_status 1 "up fails when its last step does" up
	like "$(said)" 'no endpoints today.*taking it down again' "  and says why, and what it does about it"
	is "$(namespaces "$ONE")" 0 "  and leaves nothing"
}

comes_up() {
	lab_status 0 "up" up
	is "$(namespaces "$ONE")" 4 "four namespaces"
	lab_status 1 "up when up fails" up
	like "$(said)" "lab down'" "  and names the remedy"
	is "$(namespaces "$ONE")" 4 "  and leaves the lab alone"
	lab status
	like "$(cat "$WORK/out")" 'r1 +up.*r2 +up' "status: both paths are up"
	like "$(cat "$WORK/out")" '192\.168\.6\.221/24 fd00:0:0:6::221/64' "status: the addresses"
	like "$(cat "$WORK/out")" 'server +192\.168\.4\.2 id 1 signal' "status: the endpoints"
}

paths() {
	local address
	for address in 192.168.1.2 fd00:0:0:1::2; do
		ok "$address is reachable" loses_nothing "$address"
		ok "  over r1" forwards r1 pings "$address"
		ok "  not over r2" forwards_not r2 pings "$address"
	done
	for address in 192.168.4.2 fd00:0:0:4::2; do
		ok "$address is reachable" loses_nothing "$address"
		ok "  over r2" forwards r2 pings "$address"
		ok "  not over r1" forwards_not r1 pings "$address"
	done
	is "$(gateway 192.168.1.2)" 192.168.2.201 "default over r1"
	is "$(gateway fd00:0:0:1::2)" fd00:0:0:2::201 "default over r1, IPv6"
}

exec_runs_as_the_caller() {
	lab_status 7 "exec passes the exit status on" exec client sh -c 'exit 7'
	lab_status 127 "exec of a command that does not exist" exec client ./nosuch
	is "$("$LAB" exec client cat /proc/self/cgroup)" "$(cat /proc/self/cgroup)" "exec leaves the cgroup"
	is "$("$LAB" exec client grep -c cgroup /proc/self/mountinfo)" "$(grep -c cgroup /proc/self/mountinfo)" \
		"exec leaves the mounts"
	is "$("$LAB" exec client printf '%s|' 'a b' '' '*')" 'a b||*|' "exec leaves the arguments"
	is "$("$LAB" exec server ip netns identify)" "$ONE-server" "exec runs in the right namespace"
	lab_status 1 "a counter that does not exist" counter client NoSuchCounter
	like "$(said)" "no such counter" "  and says so"
}

# fault KIND ADDRESS4 ADDRESS6 OTHER4 OTHER6 PATH
fault() {
	local kind=$1 hit4=$2 hit6=$3 spared4=$4 spared6=$5 path=$6
	lab_status 0 "fail $path $kind" fail "$path" "$kind"
	not_ok "  $hit4 is unreachable" pings "$hit4"
	not_ok "  $hit6 is unreachable" pings "$hit6"
	ok "  $spared4 is reachable" loses_nothing "$spared4"
	ok "  $spared6 is reachable" loses_nothing "$spared6"
	lab status
	like "$(cat "$WORK/out")" "$path +failed $kind" "  status says so"
	lab_status 1 "  failing it again fails" fail "$path"
	like "$(said)" "already failed, kind '$kind'.*restore $path" "  and says why, with the remedy"
	lab_status 0 "restore $path" restore "$path"
	ok "  $hit4 is reachable again" loses_nothing "$hit4"
	ok "  $hit6 is reachable again" loses_nothing "$hit6"
	is "$("$LAB" exec "$path" iptables -S FORWARD; "$LAB" exec "$path" ip6tables -S FORWARD)" \
		$'-P FORWARD ACCEPT\n-P FORWARD ACCEPT' "  no rule is left"
	lab_status 1 "  restoring it again fails" restore "$path"
	like "$(said)" 'has not failed' "  and says why"
}

faults() {
	fault drop 192.168.1.2 fd00:0:0:1::2 192.168.4.2 fd00:0:0:4::2 r1
	fault drop 192.168.4.2 fd00:0:0:4::2 192.168.1.2 fd00:0:0:1::2 r2
	fault reject 192.168.1.2 fd00:0:0:1::2 192.168.4.2 fd00:0:0:4::2 r1
	lab fail r1
	lab exec client ping -c 1 -W 1 192.168.1.2 || true
	unlike "$(cat "$WORK/out")" Unreachable "drop is silent"
	lab restore r1
	lab fail r1 reject
	lab exec client ping -c 1 -W 1 192.168.1.2 || true
	like "$(cat "$WORK/out")" Unreachable "reject is not"
	lab restore r1
}

# second_subflow SERVER CLIENT_VIA_R2 SERVER_VIA_R2: addresses; the latter two as ss writes them.
second_subflow() {
	local joins server client
	start server server "$TALK" listen mptcp :: 5003 || diag "$(cat "$WORK/server.err")"
	server=$STARTED
	joins=$("$LAB" counter server MPTcpExtMPJoinAckRx)
	start client client "$TALK" connect mptcp "$1" 5003 || diag "$(cat "$WORK/client.err")"
	client=$STARTED
	ok "MPTCP to $1: a second subflow, $2 to $3" wait_for 20 has_subflow "$2" "$3"
	ok "  which the server counts" wait_for 20 more_joins "$joins"

	lab fail r1
	ok "  with r1 dead, the connection continues over r2" wait_for 20 busy r2 "$(forwarded r2)"
	not_ok "  and the client is still running" gone "$client"
	gone "$client" && diag "it said: $(cat "$WORK/client.err")"
	lab restore r1
	stop "$client" "$server"
}

more_joins() {
	[ "$("$LAB" counter server MPTcpExtMPJoinAckRx)" -gt "$1" ]
}

# busy ROUTER BEFORE: it has forwarded a hundred packets since, which no keepalive or retransmission does.
busy() {
	[ "$(forwarded "$1")" -ge $(($2 + 100)) ]
}

plain_tcp() {
	local server client joins before
	start server server "$TALK" listen mptcp :: 5003
	server=$STARTED
	joins=$("$LAB" counter server MPTcpExtMPJoinAckRx)
	before=$(forwarded r2)
	start client client "$TALK" connect tcp 192.168.1.2 5003
	client=$STARTED
	ok "TCP: the connection uses r1" wait_for 20 busy r1 "$(forwarded r1)"
	is "$("$LAB" counter server MPTcpExtMPJoinAckRx)" "$joins" "  no second subflow"
	is "$("$LAB" exec client ss -tnH state established | grep -c :5003)" 1 "  only one connection"
	is "$(forwarded r2)" "$before" "  nothing over r2"
	stop "$client" "$server"
}

side_by_side() {
	LAB_NAME=$TWO lab_status 0 "a second lab beside the first" up
	LAB_NAME=$TWO lab fail r1
	ok "  a fault there does not affect the first" loses_nothing 192.168.1.2
	LAB_NAME=$TWO not_ok "  only the second" pings 192.168.1.2
	LAB_NAME=$TWO lab_status 0 "  it goes down with a failed path" down
	is "$(namespaces "$TWO")" 0 "  and leaves nothing"
	ok "  the first is unchanged" loses_nothing 192.168.1.2
}

goes_down() {
	local mild stubborn
	start mild client sh -c 'echo ready; exec sleep 1000'
	mild=$STARTED
	# shellcheck disable=SC2016 # expanded over there
	start stubborn r2 sh -c 'trap "" TERM; echo ready; while :; do sleep 1; done'
	stubborn=$STARTED
	disown "$mild" "$stubborn" # or bash remarks on what was killed
	lab_status 1 "down from within is refused" exec client "$LAB" down
	like "$(said)" 'from within' "  and says why"
	lab_status 0 "down" down
	is "$(namespaces "$ONE")" 0 "no namespace is left"
	ok "no process is left" wait_for 5 gone "$mild"
	ok "not even one that ignores SIGTERM" wait_for 5 gone "$stubborn"
	lab_status 0 "it comes up again" up
	lab_status 0 "and down" down
}

[ "$(id -u)" -eq 0 ] || {
	echo "1..0 # SKIP needs root"
	exit 0
}
before=$(host_settings)

usage_errors
not_up
all_or_nothing
comes_up
paths
exec_runs_as_the_caller
faults
second_subflow 192.168.1.2 192.168.6.221 192.168.4.2
second_subflow fd00:0:0:1::2 '[fd00:0:0:6::221]' '[fd00:0:0:4::2]'
plain_tcp
side_by_side
goes_down

is "$(host_settings)" "$before" "the host's own settings are unchanged"
done_testing
