#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: guest
#
# Each kind of fault does what its name says, and nothing once it is undone. The tests of mptcp-watch cover the
# kinds that remove MPTCP's options. Needs root and netem, hence runs in a guest.
#
# shellcheck disable=SC2317 # the checks call functions by name, and so does trap

set -euo pipefail
HERE=$(dirname "$(readlink -f "$0")")

# shellcheck source=tests/lib/tap.sh
. "$HERE/../lib/tap.sh"

LAB=$HERE/lab
WORK=$(mktemp -d)
export LAB_NAME=faults$$
trap '"$LAB" down; rm -rf "$WORK"' EXIT

# ping_client WORD...: from the client to the server, over r1; its output is in $WORK/ping.
ping_client() {
	"$LAB" exec client ping -q "$@" 192.168.1.2 >"$WORK/ping" || true
}

# loses LEAST MOST: whether between LEAST and MOST of a hundred packets are lost.
loses() {
	local percent
	ping_client -c 100 -i 0.002 -W 1
	percent=$(sed -nE 's/.* ([0-9]+)(\.[0-9]+)?% packet loss.*/\1/p' "$WORK/ping")
	[ "$percent" -ge "$1" ] && [ "$percent" -le "$2" ]
}

# takes MS BYTES: the slowest of ten packets of this size takes at least MS.
takes() {
	local longest
	ping_client -c 10 -i 0.02 -s "$2" -W 2
	longest=$(sed -nE 's|^rtt .*= [^/]*/[^/]*/([0-9]+).*|\1|p' "$WORK/ping")
	[ "${longest:-0}" -ge "$1" ]
}

echoes_received() {
	"$LAB" counter server IcmpInEchos
}

# Requests arrive at the server, but answers do not come back; or neither arrive.
only_requests_arrive() {
	local before
	before=$(echoes_received)
	loses 100 100 && [ "$(echoes_received)" -gt "$before" ]
}

nothing_arrives() {
	local before
	before=$(echoes_received)
	loses 100 100 && [ "$(echoes_received)" -eq "$before" ]
}

link_is_down() { # HOST
	[ -z "$("$LAB" exec "$1" ip -o link show dev eth1 up)" ]
}

has_no_address() {
	[[ $("$LAB" exec client ip -o address show dev eth1 scope global) != *inet* ]]
}

router_is_gone() {
	[[ $(ip netns list) != *"$LAB_NAME-r1"* ]]
}

# The server sees another address than the client's.
is_translated() {
	"$LAB" exec server timeout 20 python3 -IS -c 'import socket
listener = socket.create_server(("192.168.1.2", 5009))
print("ready", flush=True)
print(listener.accept()[1][0], flush=True)' >"$WORK/server" &
	wait_for 20 grep -q ready "$WORK/server"
	"$LAB" exec client timeout 10 bash -c 'exec 3<>/dev/tcp/192.168.1.2/5009'
	wait "$!"
	[ "$(tail -n 1 "$WORK/server")" = 192.168.1.201 ]
}

# kind KIND CHECK...: the check holds while the fault is in force, but not before or afterwards.
kind() {
	local kind=$1
	shift
	not_ok "$kind: not before ($*)" "$@"
	"$LAB" fail r1 "$kind"
	ok '... while it is in force' "$@"
	"$LAB" restore r1
	not_ok '... not afterwards' "$@"
	ok '... and nothing is lost' wait_for 20 loses 0 0
}

[ "$(id -u)" -eq 0 ] || {
	echo '1..0 # SKIP needs root'
	exit 0
}
"$LAB" up
kind drop nothing_arrives
kind to_server nothing_arrives
kind to_client only_requests_arrive
kind loss loses 5 95
kind delay takes 290 56
kind slow takes 100 1400
kind client_link link_is_down client
kind server_link link_is_down server
kind client_address has_no_address
kind gone router_is_gone
kind nat is_translated
done_testing
