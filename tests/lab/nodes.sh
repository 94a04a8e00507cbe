# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Builds and removes the nodes of topology.sh. Node N is the network namespace $LAB_NAME-N.
#
# In an emulated machine a process costs more than all the rest: hence the few subshells, and ip's batches.

# inside NODE COMMAND...: runs the command in the node. Not by 'ip netns exec', which mounts a new /sys
# and so hides /sys/fs/cgroup and /sys/fs/bpf from the command.
inside() {
	local node=$1
	shift
	nsenter --net="/run/netns/$LAB_NAME-$node" -- "$@"
}

node_exists() {
	[ -e "/run/netns/$LAB_NAME-$1" ]
}

# existing_nodes: those nodes of this lab that there are; all of them when it is up.
existing_nodes() {
	local node
	for node in "${HOSTS[@]}" "${ROUTERS[@]}"; do
		if node_exists "$node"; then
			echo "$node"
		fi
	done
}

add_nodes() {
	local node
	for node in "$@"; do
		ip netns add "$LAB_NAME-$node"
		# Before there is any interface, so that all of them take it over. A new namespace has
		# some of these from the host, whatever it has set; and nobody waits for addresses to
		# be probed for duplicates.
		inside "$node" sysctl -qw \
			net.ipv4.conf.{all,default}.rp_filter=0 \
			net.ipv6.conf.{all,default}.disable_ipv6=0 \
			net.ipv6.conf.{all,default}.accept_dad=0
		ip -n "$LAB_NAME-$node" link set lo up
	done
}

# Both ends are made right in their namespaces: eth1 cannot clash with an interface of the host.
add_links() { # [ROUTER]: only its own
	local router=${1:-} link net a a_if a_host b b_if b_host
	for link in "${LINKS[@]}"; do
		read -r net a a_if a_host b b_if b_host <<<"$link"
		[ -z "$router" ] || [ "$b" = "$router" ] || continue
		ip link add "$a_if" netns "$LAB_NAME-$a" type veth \
			peer name "$b_if" netns "$LAB_NAME-$b"
		set_up_interface "$a" "$a_if" "$net" "$a_host"
		set_up_interface "$b" "$b_if" "$net" "$b_host"
	done
}

# set_up_interface NODE INTERFACE NETWORK HOST: also one that has lost some of it.
set_up_interface() {
	local node=$1 interface=$2 net=$3 host=$4
	ip -n "$LAB_NAME-$node" -batch - <<-END
		address replace $(address4 "$net" "$host")/24 dev $interface
		address replace $(address6 "$net" "$host")/64 dev $interface nodad
		link set $interface up
	END
}

enable_forwarding() {
	local router
	for router in "$@"; do
		inside "$router" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	done
}

# add_routes: also those that there are.
add_routes() {
	local route node to net gateway to4 to6
	for route in "${ROUTES[@]}"; do
		read -r node to net gateway <<<"$route"
		to4=default to6=default
		if [ "$to" != default ]; then
			to4=$(address4 "$to" 0)/24 to6=$(address6 "$to" "")/64
		fi
		ip -n "$LAB_NAME-$node" -batch - <<-END
			route replace $to4 via $(address4 "$net" "$gateway")
			route replace $to6 via $(address6 "$net" "$gateway")
		END
	done
}

configure_hosts() {
	local node
	for node in "${HOSTS[@]}"; do
		inside "$node" sysctl -qw net.mptcp.enabled=1
		# shellcheck disable=SC2086 # words
		ip -n "$LAB_NAME-$node" mptcp limits set $MPTCP_LIMITS
	done
}

add_endpoints() {
	local endpoint node interface net host options address
	for endpoint in "${ENDPOINTS[@]}"; do
		read -r node interface net host options <<<"$endpoint"
		for address in "$(address4 "$net" "$host")" "$(address6 "$net" "$host")"; do
			# shellcheck disable=SC2086 # words
			ip -n "$LAB_NAME-$node" mptcp endpoint add "$address" dev "$interface" signal $options
		done
	done
}

processes_in() {
	ip netns pids "$LAB_NAME-$1"
}

# end_processes NODE: asks them to go, and after a second makes them.
end_processes() {
	local node=$1 tries pid
	for ((tries = 0; tries < 100; tries++)); do
		for pid in $(processes_in "$node"); do
			if ((tries < 20)); then
				kill -TERM "$pid" 2>/dev/null || true
			else
				kill -KILL "$pid" 2>/dev/null || true
			fi
		done
		if [ -z "$(processes_in "$node")" ]; then
			return 0
		fi
		sleep 0.05
	done
	complain "cannot end processes $(processes_in "$node" | xargs) in $LAB_NAME-$node:" \
		"they survive SIGKILL (see what they hang in with 'cat /proc/PID/stack', then try again)"
	return 1
}

remove_nodes() {
	local node failed=0
	for node in $(existing_nodes); do
		end_processes "$node" || failed=1
		ip netns del "$LAB_NAME-$node" || failed=1
	done
	return "$failed"
}
