#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: guest, hook
#
# The steps of the hands-on demo, each shown to work: a program that asks for MPTCP itself; ncat under
# mptcpize and under mptcp-force; nc, which has stopped listening when the second subflow arrives, and the remedy;
# a Go program, where mptcpize does nothing; and, by captures on both routers, which path carries port 5003
# before, during and after a fault.
#
# shellcheck disable=SC2317 # the checks call functions by name

set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

# shellcheck source=tests/force/lib.sh
. tests/force/lib.sh

LAB=tests/lab/lab
MPTCP_WATCH=${MPTCP_WATCH:-build/mptcp-watch}
GROUP=handson
PORT=5003
export LAB_NAME=handson$$
STARTED=()

# shellcheck disable=SC2317 # called by the trap
clean_up() {
	stop_all
	"$LAB" down || true
	cleanup
	rmdir "$CGROUPS/$GROUP" 2>/dev/null || true
}
trap clean_up EXIT

# start NAME COMMAND...: in the background until stop_all, with its output in $TMP/NAME; its standard
# input has nothing to read, and no end.
start() {
	local name=$1
	shift
	"$@" <&9 >"$TMP/$name" 2>&1 &
	STARTED+=($!)
}

# A program that ignores SIGTERM is killed: how it ends is not tested here.
stop_all() {
	local node
	[ ${#STARTED[@]} -gt 0 ] || return 0 # without any, wait would be for all there is
	for node in server client r1 r2; do
		# shellcheck disable=SC2046 # words
		kill $(ip netns pids "$LAB_NAME-$node" 2>/dev/null) 2>/dev/null || true
	done
	kill "${STARTED[@]}" 2>/dev/null || true
	wait_for 10 all_ended || kill -KILL "${STARTED[@]}" 2>/dev/null || true
	wait "${STARTED[@]}" 2>/dev/null || true
	STARTED=()
}

all_ended() {
	! kill -0 "${STARTED[@]}" 2>/dev/null
}

on() { # HOST COMMAND...
	"$LAB" exec "$@"
}

forced() { # HOST COMMAND...
	in_cgroup "$GROUP" "$LAB" exec "$@"
}

listening() {
	[ -n "$(on server ss -Htln "sport = :$PORT")" ]
}

# The client's sockets to the server, as lines of ss: TCP sockets, including subflows, or MPTCP sockets.
tcp_sockets() {
	on client ss -Htn state established "dport = :$PORT or dport = :5004"
}

mptcp_sockets() {
	on client ss -HM -n | grep -F ":$PORT" || true
}

has_sockets() { # TCP MPTCP: the numbers of sockets
	[ "$(tcp_sockets | grep -c .)" -eq "$1" ] && [ "$(mptcp_sockets | grep -c .)" -eq "$2" ]
}

# two_subflows NAME: over both paths.
two_subflows() {
	ok "$1: one MPTCP connection with two subflows" wait_for 60 has_sockets 2 1
	like "$(tcp_sockets)" '192\.168\.1\.2:5003' "$1: a subflow over r1"
	like "$(tcp_sockets)" '192\.168\.4\.2:5003' "$1: a subflow over r2"
}

own_program() {
	local sockets
	start server on server build/mptcp server "$PORT"
	ok "mptcp server listens" wait_for 60 listening
	sockets=$(on server ss -nltMH)
	like "$sockets" 'tcp +LISTEN.*:5003' "ss -nltM shows its TCP socket"
	like "$sockets" 'mptcp +LISTEN.*:5003' "ss -nltM shows its MPTCP socket"
	start client on client build/mptcp client 192.168.1.2 "$PORT"
	two_subflows "mptcp client"
	ok "the client reports two subflows" wait_for 60 grep -q 'MPTCP, subflows: 2' "$TMP/client"
	stop_all
}

ncat_with() { # NAME on|forced [PREFIX...]: how it is started on a host
	local name=$1 how=$2
	shift 2
	start server "$how" server "$@" ncat -l -k "$PORT"
	wait_for 60 listening || diag "$(cat "$TMP/server")"
	start client "$how" client "$@" ncat 192.168.1.2 "$PORT"
	two_subflows "$name"
	stop_all
}

ncat_unmodified() {
	start server on server ncat -l -k "$PORT"
	wait_for 60 listening
	start client on client ncat 192.168.1.2 "$PORT"
	ok "unmodified ncat: one TCP connection" wait_for 60 has_sockets 1 0
	stop_all
}

joined() {
	grep -q '"event":"sub_established"' "$TMP/watch"
}

nc_pitfall() {
	start watch "$MPTCP_WATCH" --json
	wait_for 60 grep -q ^watching "$TMP/watch" || diag "not watching: $(cat "$TMP/watch")"
	# nc accepts one connection and closes its listener before the MP_JOIN arrives.
	"$LAB" fail r2 delay
	start server forced server nc.traditional -l -p "$PORT"
	wait_for 60 listening || diag "not listening: $(cat "$TMP/server")"
	start client forced client nc.traditional 192.168.1.2 "$PORT"
	# One of them sends a line: the server announces its addresses when the first data arrives.
	wait_for 60 has_sockets 1 1 || diag "not connected: $(tcp_sockets) $(mptcp_sockets) $(cat "$TMP/client")"
	echo hello >&9
}

nc_without_remedy() {
	nc_pitfall
	ok "nc: mptcp-watch reports that the join found no listener" \
		wait_for 60 grep -q '"event":"join_failed".*"reason":"no_listener"' "$TMP/watch"
	ok "nc: the connection has one subflow" wait_for 60 has_sockets 1 1
	not_ok "nc: it never had a second one" joined
	stop_all
}

nc_with_remedy() {
	"$LAB" down
	LAB_TOPOLOGY=own_port "$LAB" up
	nc_pitfall
	ok "nc, endpoint with its own port: a second subflow" wait_for 60 has_sockets 2 1
	like "$(tcp_sockets)" '192\.168\.4\.2:5004' "nc, endpoint with its own port: to that port"
	stop_all
	LAB_TOPOLOGY=own_port "$LAB" down
	"$LAB" up
}

go_client() { # HOW... COMMAND...: a minute of traffic
	start client "$@" build/traffic -address 192.168.1.2:$PORT -rate 40 -timeout 60s -patience 30s
}

go_with_mptcpize() {
	start server on server mptcpize run build/traffic -server -address "[::]:$PORT"
	wait_for 60 listening
	go_client on client mptcpize run
	ok "Go under mptcpize: one TCP connection" wait_for 60 has_sockets 1 0
	stop_all
}

# carried ROUTER BEGIN END: packets with data that its capture has between these times.
carried() {
	tcpdump -nr "$TMP/$1.pcap" -tt 2>/dev/null |
		awk -v begin="$2" -v end="$3" '$1 > begin && $1 < end && !/length 0$/ { n++ } END { print n + 0 }'
}

go_forced() {
	local router phase
	for router in r1 r2; do
		start "$router" on "$router" tcpdump -U -ni eth1 -w "$TMP/$router.pcap" "tcp port $PORT"
		wait_for 60 grep -q 'listening on' "$TMP/$router"
	done
	start server forced server build/traffic -server -address "[::]:$PORT"
	wait_for 60 listening
	go_client forced client
	two_subflows "Go under mptcp-force"

	phase=("${EPOCHREALTIME/,/.}")
	wait_for_carried before r1 "${phase[0]}"
	phase+=("${EPOCHREALTIME/,/.}")
	"$LAB" fail r1
	wait_for_carried during r2 "${EPOCHREALTIME/,/.}"
	phase+=("${EPOCHREALTIME/,/.}")
	"$LAB" restore r1
	wait_for_carried after r1 "${EPOCHREALTIME/,/.}"
	is "$(carried r2 "${phase[0]}" "${phase[1]}")" 0 "r2 carries nothing before the fault"
	stop_all
}

# wait_for_carried WHEN ROUTER SINCE
wait_for_carried() {
	ok "$2 carries the data $1 the fault" wait_for 60 enough_carried "$2" "$3"
}

enough_carried() {
	[ "$(carried "$1" "$2" 9999999999)" -ge 20 ]
}

mkfifo "$TMP/endless"
exec 9<>"$TMP/endless"
mkdir "$CGROUPS/$GROUP"
force_start handson --cgroup "$CGROUPS/$GROUP"
"$LAB" up
own_program
ncat_unmodified
ncat_with "ncat under mptcpize" on mptcpize run
ncat_with "ncat under mptcp-force" forced
nc_without_remedy
nc_with_remedy
go_with_mptcpize
go_forced
done_testing
