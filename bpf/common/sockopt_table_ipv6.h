/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of level IPPROTO_IPV6: see sockopt_table.h. Sorted by number. */
#ifndef SOCKOPT_TABLE_IPV6_H
#define SOCKOPT_TABLE_IPV6_H

/* clang-format off */
#define SOCKOPTS_IPV6(SOCKOPT) \
	SOCKOPT(IPV6, IPV6_ADDRFORM, 1, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP sockets keep their family") \
	SOCKOPT(IPV6, IPV6_2292PKTINFO, 2, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_2292HOPOPTS, 3, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_2292DSTOPTS, 4, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_2292RTHDR, 5, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_2292PKTOPTIONS, 6, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"the subflows differ") \
	SOCKOPT(IPV6, IPV6_2292HOPLIMIT, 8, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_FLOWINFO, 11, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_UNICAST_HOPS, 16, REMEMBERED, ANY, WHILE_MPTCP, HOPS, 0, 255, UNSET_HOP_LIMIT, \
		"values that limit who is reached are refused, others do not matter") \
	SOCKOPT(IPV6, IPV6_MULTICAST_IF, 17, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IPV6, IPV6_MULTICAST_HOPS, 18, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IPV6, IPV6_MULTICAST_LOOP, 19, REMEMBERED, ANY, ALWAYS, RANGE, 0, 1, UNSET_1, \
		"has no effect on a TCP socket") \
	SOCKOPT(IPV6, IPV6_ROUTER_ALERT, 22, REFUSED, ANY, WHILE_MPTCP, UNSETTABLE, 0, 0, UNSET_KERNEL, \
		"has no meaning for a TCP socket") \
	SOCKOPT(IPV6, IPV6_MTU_DISCOVER, 23, REMEMBERED, ANY, WHILE_MPTCP, RANGE, 0, 5, UNSET_1, \
		"a hint about fragments; the subflows discover the MTU") \
	SOCKOPT(IPV6, IPV6_MTU, 24, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"each subflow has its own") \
	SOCKOPT(IPV6, IPV6_RECVERR, 25, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"errors of paths concern subflows, and MPTCP handles them") \
	SOCKOPT(IPV6, IPV6_JOIN_ANYCAST, 27, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not receive at that address") \
	SOCKOPT(IPV6, IPV6_LEAVE_ANYCAST, 28, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not receive at that address") \
	SOCKOPT(IPV6, IPV6_MULTICAST_ALL, 29, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_1, \
		"has no effect on a TCP socket") \
	SOCKOPT(IPV6, IPV6_ROUTER_ALERT_ISOLATE, 30, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_0, \
		"has no effect on a TCP socket") \
	SOCKOPT(IPV6, IPV6_RECVERR_RFC4884, 31, REMEMBERED, ANY, WHILE_MPTCP, RANGE, 0, 1, UNSET_0, \
		"has no effect on a TCP socket") \
	SOCKOPT(IPV6, IPV6_FLOWLABEL_MGR, 32, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not carry the label") \
	SOCKOPT(IPV6, IPV6_FLOWINFO_SEND, 33, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"the label comes from IPV6_FLOWLABEL_MGR, which is refused") \
	SOCKOPT(IPV6, IPV6_IPSEC_POLICY, 34, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"IPsec policies would apply to the first subflow only") \
	SOCKOPT(IPV6, IPV6_XFRM_POLICY, 35, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"IPsec policies would apply to the first subflow only") \
	SOCKOPT(IPV6, IPV6_RECVPKTINFO, 49, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_PKTINFO, 50, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would leave from other addresses") \
	SOCKOPT(IPV6, IPV6_RECVHOPLIMIT, 51, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_RECVHOPOPTS, 53, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_HOPOPTS, 54, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not carry it") \
	SOCKOPT(IPV6, IPV6_RTHDRDSTOPTS, 55, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not carry it") \
	SOCKOPT(IPV6, IPV6_RECVRTHDR, 56, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_RTHDR, 57, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not carry it") \
	SOCKOPT(IPV6, IPV6_RECVDSTOPTS, 58, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_DSTOPTS, 59, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would not carry it") \
	SOCKOPT(IPV6, IPV6_RECVPATHMTU, 60, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_PATHMTU, 61, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"each subflow has its own") \
	SOCKOPT(IPV6, IPV6_DONTFRAG, 62, REMEMBERED, ANY, WHILE_MPTCP, SHORT_FLAG, 0, 0, UNSET_0, \
		"TCP does not fragment") \
	SOCKOPT(IPV6, IPV6_RECVTCLASS, 66, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_TCLASS, 67, APPLIED, ANY, WHILE_MPTCP, TCLASS, -1, 255, UNSET_0, \
		"set on each subflow") \
	SOCKOPT(IPV6, IPV6_AUTOFLOWLABEL, 70, APPLIED, ANY, WHILE_MPTCP, SHORT_FLAG, 0, 0, UNSET_AUTOFLOWLABEL, \
		"set on each subflow") \
	SOCKOPT(IPV6, IPV6_ADDR_PREFERENCES, 72, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would leave from other addresses") \
	SOCKOPT(IPV6, IPV6_MINHOPCOUNT, 73, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"a security measure that MPTCP would not enforce") \
	SOCKOPT(IPV6, IPV6_RECVORIGDSTADDR, 74, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_TRANSPARENT, 75, REMEMBERED, ANY, CONNECTED, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(IPV6, IPV6_UNICAST_IF, 76, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows would leave by other devices") \
	SOCKOPT(IPV6, IPV6_RECVFRAGSIZE, 77, REMEMBERED, ANY, WHILE_MPTCP, SHORT_FLAG, 0, 0, UNSET_0, \
		"IPV6_2292PKTOPTIONS, which would report it, is refused") \
	SOCKOPT(IPV6, IPV6_FREEBIND, 78, REMEMBERED, ANY, CONNECTED, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected")
/* clang-format on */

#endif /* SOCKOPT_TABLE_IPV6_H */
