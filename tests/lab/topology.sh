# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # read by the files that source this one
#
# What the lab looks like: data only. The addresses are those of the well-known dual-path demo. The files
# in topologies/ change it.
#
#	          .2 eth1   192.168.1   eth1 .201      .201 eth2   192.168.2   eth1 .221
#	         +------------------------------+  r1  +------------------------------+
#	  server |                                                                    | client
#	         +------------------------------+  r2  +------------------------------+
#	          .2 eth2   192.168.4   eth1 .202      .202 eth2   192.168.6   eth2 .221
#
# IPv6 has the same numbers: host H in network N is 192.168.N.H and fd00:0:0:N::H.

HOSTS=(server client)
ROUTERS=(r1 r2) # a path is called after its router

# A link each: network, then node, interface and host number of either end.
LINKS=(
	"1  server eth1   2  r1 eth1 201"
	"2  client eth1 221  r1 eth2 201"
	"4  server eth2   2  r2 eth1 202"
	"6  client eth2 221  r2 eth2 202"
)

# Host, destination (a network's number, or default), gateway: network and host number.
ROUTES=(
	"server default 1 201"
	"client default 2 201"
	"server 6       4 202"
	"client 4       6 202"
)

# What each host announces to its peer, an address of each family: host, interface, network and host number.
# An IPv4 connection can use the peer's IPv4 address only and has two subflows. An IPv6 connection can use
# both, unless its socket is IPV6_V6ONLY: it has one over r1 and two over r2.
# What may follow: backup, port NUMBER (see ip-mptcp(8)).
ENDPOINTS=(
	"server eth2 4   2"
	"client eth2 6 221"
)

# In addition to the first subflow: the most there can be. Each end may try the other's addresses, where
# nobody listens at the client's, and such a subflow counts until it is refused: with a limit of what the
# connection is to have, it has sometimes been in the way of the one that works.
MPTCP_LIMITS="subflow 8 add_addr_accepted 8"

# address4 NETWORK HOST, address6 NETWORK HOST: the address of a host in a network.
address4() {
	echo "192.168.$1.$2"
}

address6() {
	echo "fd00:0:0:$1::$2"
}
