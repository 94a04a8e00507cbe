/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of level IPPROTO_IP: see sockopt_table.h. Sorted by number. */
#ifndef SOCKOPT_TABLE_IP_H
#define SOCKOPT_TABLE_IP_H

/* clang-format off */
#define SOCKOPTS_IP(SOCKOPT) \
	SOCKOPT(IP, IP_TTL, 2, REMEMBERED, ANY, WHILE_MPTCP, HOPS, 1, 255, UNSET_TTL, \
		"values that limit who is reached are refused, others do not matter") \
	SOCKOPT(IP, IP_HDRINCL, 3, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IP, IP_OPTIONS, 4, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not carry them") \
	SOCKOPT(IP, IP_ROUTER_ALERT, 5, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IP, IP_RECVOPTS, 6, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"the message that it asks for is never sent to a TCP socket") \
	SOCKOPT(IP, IP_RETOPTS, 7, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"the message that it asks for is never sent to a TCP socket") \
	SOCKOPT(IP, IP_PKTINFO, 8, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IP_PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IP, IP_PKTOPTIONS, 9, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"the subflows differ") \
	SOCKOPT(IP, IP_MTU_DISCOVER, 10, REMEMBERED, ANY, WHILE_MPTCP, RANGE, 0, 5, UNSET_PMTU_DISC, \
		"a hint about fragments; the subflows discover the MTU") \
	SOCKOPT(IP, IP_RECVERR, 11, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"errors of paths concern subflows, and MPTCP handles them") \
	SOCKOPT(IP, IP_RECVTTL, 12, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IP_PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IP, IP_RECVTOS, 13, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IP_PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IP, IP_MTU, 14, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"each subflow has its own") \
	SOCKOPT(IP, IP_FREEBIND, 15, REMEMBERED, ANY, CONNECTED, FULL_FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(IP, IP_IPSEC_POLICY, 16, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"IPsec policies would apply to the first subflow only") \
	SOCKOPT(IP, IP_XFRM_POLICY, 17, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"IPsec policies would apply to the first subflow only") \
	SOCKOPT(IP, IP_PASSSEC, 18, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"the message that it asks for is never sent to a TCP socket") \
	SOCKOPT(IP, IP_TRANSPARENT, 19, REMEMBERED, ANY, CONNECTED, FULL_FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(IP, IP_RECVORIGDSTADDR, 20, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"the message that it asks for is never sent to a TCP socket") \
	SOCKOPT(IP, IP_MINTTL, 21, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"a security measure that MPTCP would not enforce") \
	SOCKOPT(IP, IP_NODEFRAG, 22, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IP, IP_CHECKSUM, 23, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"has no effect on a TCP socket") \
	SOCKOPT(IP, IP_BIND_ADDRESS_NO_PORT, 24, REMEMBERED, ANY, CONNECTED, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(IP, IP_RECVFRAGSIZE, 25, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IP, IP_RECVERR_RFC4884, 26, REMEMBERED, ANY, WHILE_MPTCP, RANGE, 0, 1, UNSET_0, \
		"has no effect on a TCP socket") \
	SOCKOPT(IP, IP_MULTICAST_IF, 32, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IP, IP_MULTICAST_TTL, 33, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IP, IP_MULTICAST_LOOP, 34, REMEMBERED, ANY, ALWAYS, FULL_FLAG, 0, 0, UNSET_1, \
		"has no effect on a TCP socket") \
	SOCKOPT(IP, IP_MULTICAST_ALL, 49, REMEMBERED, ANY, ALWAYS, FULL_RANGE, 0, 1, UNSET_1_OF_IPV4, \
		"has no effect on a TCP socket") \
	SOCKOPT(IP, IP_UNICAST_IF, 50, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would leave by other devices") \
	SOCKOPT(IP, IP_LOCAL_PORT_RANGE, 51, REMEMBERED, ANY, CONNECTED, PORTS, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(IP, IP_PROTOCOL, 52, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IP, SO_ORIGINAL_DST, 80, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"answered only by TCP: NAT keeps it per subflow")
/* clang-format on */

#endif /* SOCKOPT_TABLE_IP_H */
