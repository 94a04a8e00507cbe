# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The ways a path can fail. A kind K is two functions, found by their names:
#
#	fault_K_apply ROUTER	makes the path through the router fail
#	fault_K_undo ROUTER	restores it, also after an apply that stopped half way
#
# and a line in fault_kinds_help. The kind in force is stored as an alias of the router's loopback interface. The
# alias disappears with the namespace, and a router without a namespace has failed with kind 'gone'.

# Seconds for the kernel to remove the links of a router that is gone.
LINK_REMOVAL_DEADLINE=${LINK_REMOVAL_DEADLINE:-60}

fault_kinds_help() {
	cat <<-'END'
		  drop            the router silently drops everything (the default)
		  reject          the router rejects everything with ICMP
		  reset           the router answers every TCP segment with a reset
		  to_server       nothing reaches the server; the other direction works
		  to_client       nothing reaches the client; the other direction works
		  loss            20 % of the packets are lost at random, in each direction
		  delay           the round trip takes 300 ms longer
		  slow            64 kbit/s in each direction, and a short queue
		  client_link     the client's interface is set down
		  server_link     the server's interface is set down
		  client_address  the client's addresses are removed from its interface
		  gone            the router disappears, and its links with it
		  strip_syn       the router strips the MPTCP options from each SYN
		  strip_data      the router strips the MPTCP options from all but SYN and SYN+ACK
		  drop_join       the router drops each SYN with MP_JOIN
		  nat             the router translates the client's addresses to its own (not a fault by itself)
	END
}

fault_kinds() {
	compgen -A function | sed -n 's/^fault_\(.*\)_apply$/\1/p'
}

fault_kind_exists() {
	[[ $1 != *[!a-z0-9_]* ]] && declare -F "fault_$1_apply" >/dev/null
}

# The classic: iptables -A FORWARD -j DROP.
fault_drop_apply() { rule "$1" -A FORWARD -j DROP; }
fault_drop_undo() { rule "$1" -D FORWARD -j DROP; }

fault_reject_apply() { rule "$1" -A FORWARD -j REJECT; }
fault_reject_undo() { rule "$1" -D FORWARD -j REJECT; }

fault_reset_apply() { rule "$1" -A FORWARD -p tcp -j REJECT --reject-with tcp-reset; }
fault_reset_undo() { rule "$1" -D FORWARD -p tcp -j REJECT --reject-with tcp-reset; }

# A router's eth1 leads to the server, its eth2 to the client.
fault_to_server_apply() { rule "$1" -A FORWARD -o eth1 -j DROP; }
fault_to_server_undo() { rule "$1" -D FORWARD -o eth1 -j DROP; }

fault_to_client_apply() { rule "$1" -A FORWARD -o eth2 -j DROP; }
fault_to_client_undo() { rule "$1" -D FORWARD -o eth2 -j DROP; }

fault_loss_apply() { queue "$1" netem loss 20%; }
fault_loss_undo() { no_queue "$1"; }

fault_delay_apply() { queue "$1" netem delay 150ms; }
fault_delay_undo() { no_queue "$1"; }

fault_slow_apply() { queue "$1" tbf rate 64kbit burst 3000 latency 200ms; }
fault_slow_undo() { no_queue "$1"; }

fault_client_link_apply() { link_down client "$1"; }
fault_client_link_undo() { link_up client "$1"; }

fault_server_link_apply() { link_down server "$1"; }
fault_server_link_undo() { link_up server "$1"; }

fault_client_address_apply() {
	interface_to client "$1"
	ip -n "$LAB_NAME-client" address flush dev "$INTERFACE" scope global
}
fault_client_address_undo() { link_up client "$1"; }

fault_gone_apply() {
	end_processes "$1"
	ip netns del "$LAB_NAME-$1"
	# The kernel removes the links later, by itself.
	local host deadline=$((SECONDS + LINK_REMOVAL_DEADLINE))
	for host in "${HOSTS[@]}"; do
		interface_to "$host" "$1"
		while inside "$host" test -e "/proc/sys/net/ipv4/conf/$INTERFACE"; do
			if [ "$SECONDS" -ge "$deadline" ]; then
				complain "the kernel still has the $host's link to '$1', $LINK_REMOVAL_DEADLINE s after the router"
				return 1
			fi
			sleep 0.01
		done
	done
}
fault_gone_undo() {
	add_nodes "$1"
	add_links "$1"
	enable_forwarding "$1"
	add_routes
}

# 30 is MPTCP.
fault_strip_syn_apply() { rule "$1" -t mangle -A FORWARD -p tcp --syn -j TCPOPTSTRIP --strip-options 30; }
fault_strip_syn_undo() { rule "$1" -t mangle -D FORWARD -p tcp --syn -j TCPOPTSTRIP --strip-options 30; }

fault_strip_data_apply() {
	rule "$1" -t mangle -A FORWARD -p tcp --tcp-flags SYN NONE -j TCPOPTSTRIP --strip-options 30
}
fault_strip_data_undo() {
	rule "$1" -t mangle -D FORWARD -p tcp --tcp-flags SYN NONE -j TCPOPTSTRIP --strip-options 30
}

# iptables cannot distinguish MP_JOIN, subtype 1, from MP_CAPABLE.
fault_drop_join_apply() {
	inside "$1" nft "add table inet lab
		add chain inet lab forward { type filter hook forward priority 0; }
		add rule inet lab forward tcp flags & (syn|ack) == syn tcp option mptcp subtype 1 drop"
}
fault_drop_join_undo() { inside "$1" nft delete table inet lab; }

fault_nat_apply() { rule "$1" -t nat -A POSTROUTING -o eth1 -j MASQUERADE; }
fault_nat_undo() { rule "$1" -t nat -D POSTROUTING -o eth1 -j MASQUERADE; }

# rule ROUTER WORD...: in both families.
rule() {
	local router=$1 status=0
	shift
	inside "$router" iptables -w "$@" || status=1
	inside "$router" ip6tables -w "$@" || status=1
	return "$status"
}

# queue ROUTER QDISC...: in both directions.
queue() {
	local router=$1 interface
	shift
	for interface in eth1 eth2; do
		inside "$router" tc qdisc replace dev "$interface" root "$@" || return 1
	done
}

no_queue() {
	local interface status=0
	for interface in eth1 eth2; do
		inside "$1" tc qdisc del dev "$interface" root || status=1
	done
	return "$status"
}

# interface_to HOST ROUTER: sets INTERFACE to the host's towards the router, and NETWORK and HOST_NUMBER.
interface_to() {
	local link net a a_if a_host b
	for link in "${LINKS[@]}"; do
		read -r net a a_if a_host b _ <<<"$link"
		[ "$a $b" = "$1 $2" ] || continue
		NETWORK=$net INTERFACE=$a_if HOST_NUMBER=$a_host
	done
}

link_down() { # HOST ROUTER
	interface_to "$@"
	ip -n "$LAB_NAME-$1" link set "$INTERFACE" down
}

# link_up HOST ROUTER: restores also the addresses and routes that the kernel removed.
link_up() {
	interface_to "$@"
	set_up_interface "$1" "$INTERFACE" "$NETWORK" "$HOST_NUMBER"
	add_routes
}

# fault_in_force ROUTER: prints the kind, or nothing.
fault_in_force() {
	node_exists "$1" || {
		echo gone
		return
	}
	ip -n "$LAB_NAME-$1" link show dev lo | sed -n 's/^ *alias fault:\(.*\)$/\1/p'
}

remember_fault() {
	ip -n "$LAB_NAME-$1" link set dev lo alias "fault:$2"
}

forget_fault() {
	ip -n "$LAB_NAME-$1" link set dev lo alias ""
}
