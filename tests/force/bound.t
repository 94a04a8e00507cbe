#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A forced program that binds its socket to a device or an address sends nothing over another device, though the
# kernel has an endpoint there. A socket that is not bound gets its second subflow.

. "$(dirname "$0")/lib.sh"
. "$PROJECT/tests/force/lab.sh"

# capture_start HOST: records what the host sends over its second device.
capture_start() {
	on "$1" tcpdump --immediate-mode -U -n -i eth2 -Q out -w "$TMP/capture-$1" tcp 2>"$TMP/tcpdump-$1" &
	FORCE_PIDS+=("$!")
	wait_for 60 grep -q 'listening on' "$TMP/tcpdump-$1"
}

# sent HOST PORT: how many packets to this port.
sent() {
	tcpdump -n -r "$TMP/capture-$1" "dst port $2" 2>/dev/null | wc -l
}

# shellcheck disable=SC2317 # called by wait_for
sends() {
	[ "$(sent "$1" "$2")" -gt 0 ]
}

# keeps_to TEXT PORT OPTION...: a client that is bound sends nothing over the second device. A free one, which
# connects later, to the next port, has a second subflow by then.
keeps_to() {
	local text=$1 port=$2
	shift 2
	serve "$port"
	serve $((port + 1))
	talk bound "$port" "$@"
	ok "bound to $text: the client has a connection" wait_for 60 echoed bound
	ok '... and the kernel tries to open a second subflow' wait_for 60 tried_join
	talk free $((port + 1)) to "${!#}"
	ok '... as it does for a socket that is not bound' wait_for 60 has_subflow $((port + 1))
	ok '... which sends there' wait_for 60 sends client $((port + 1))
	: >"$TMP/talk-bound"
	ok '... and the bound one still has its connection' wait_for 60 echoed bound
	is "$(sent client "$port")" 0 '... but sends nothing by the other device'
	end_talk free
	end_talk bound
}

# use_second HOST NETWORK NUMBER: the kernel opens subflows from this address of the second device, to
# everywhere. The lab only announces it.
use_second() {
	local host=$1 address gateway
	on "$host" ip mptcp endpoint flush
	for address in "192.168.$2.$3 192.168.$2.202" "fd00:0:0:$2::$3 fd00:0:0:$2::202"; do
		gateway=${address#* }
		address=${address% *}
		on "$host" ip mptcp endpoint add "$address" dev eth2 subflow
		case $address in
		*:*) on "$host" ip -6 rule add oif eth2 lookup 100 ;;
		*) on "$host" ip rule add oif eth2 lookup 100 ;;
		esac
		on "$host" ip route add default via "$gateway" dev eth2 table 100
	done
}

lab_up
use_second client 6 221
mkdir -p "$CGROUPS/app" "$CGROUPS/other"
capture_start client
force_start force --cgroup "$CGROUPS/app"
keeps_to 'a device' 5010 device eth1 to 192.168.1.2
keeps_to 'an address' 5020 address 192.168.2.221 to 192.168.1.2
keeps_to 'a device, with IPv6' 5030 device eth1 to fd00:0:0:1::2
keeps_to 'an address, with IPv6' 5040 address fd00:0:0:2::221 to fd00:0:0:1::2
keeps_to 'a mapped address' 5050 address ::ffff:192.168.2.221 to ::ffff:192.168.1.2

# A port alone is no binding.
serve 5060
talk port 5060 address 0.0.0.0 to 192.168.1.2
ok 'bound to any address: the client gets its second subflow' wait_for 60 has_subflow 5060
end_talk port
talk port 5060 address ::ffff:0.0.0.0 to ::ffff:192.168.1.2
ok '... also with IPv6, to any mapped address' wait_for 60 has_subflow 5060
end_talk port

# A bound socket has its second subflow if the endpoint is on its device.
on client ip addr add 192.168.2.222/24 dev eth1
on client ip mptcp endpoint add 192.168.2.222 dev eth1 subflow
talk same 5060 device eth1 to 192.168.1.2
# shellcheck disable=SC2317 # called by wait_for
has_second_address() { on client ss -Htn state established "src 192.168.2.222" | grep -q .; }
ok 'an endpoint on the device of the socket gets its subflow' wait_for 60 has_second_address
end_talk same
on client ip addr del 192.168.2.222/24 dev eth1

# A program that asks for MPTCP itself, or is out of scope, knows what it does.
TALK_CGROUP=other talk own 5060 address 192.168.2.221 protocol 262 to 192.168.1.2
ok 'out of scope, a bound MPTCP socket gets its second subflow' wait_for 60 has_subflow 5060
TALK_CGROUP=other end_talk own
talk asked 5060 address 192.168.2.221 protocol 262 to 192.168.1.2
ok '... and one in scope that asked for MPTCP itself' wait_for 60 has_subflow 5060
end_talk asked
force_stop
like "$(cat "$TMP/force.err")" '(^|'$'\n'')bound to a device or an address: 6 of the upgraded' 'bound sockets are counted'
like "$(tail -n 1 "$TMP/force.err")" '^upgraded: 13, ' '... among all'

# By the name of the program: at the root of the cgroups.
force_start named --comm python3
keeps_to 'a device, where the scope is a name' 5080 device eth1 to 192.168.1.2
force_stop

done_testing
