/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of level SOL_SOCKET: see sockopt_table.h. Sorted by number. */
#ifndef SOCKOPT_TABLE_SOCKET_H
#define SOCKOPT_TABLE_SOCKET_H

/* clang-format off */
#define SOCKOPTS_SOCKET(SOCKOPT) \
	SOCKOPT(SOCKET, SO_REUSEADDR, 2, REMEMBERED, ANY, CONNECTED, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(SOCKET, SO_DONTROUTE, 5, REFUSED, ANY, ALWAYS, DENIED, 0, 0, UNSET_KERNEL, \
		"MPTCP would ignore it, and send to other networks") \
	SOCKOPT(SOCKET, SO_BROADCAST, 6, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_OOBINLINE, 10, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"urgent data always arrives in the stream") \
	SOCKOPT(SOCKET, SO_NO_CHECK, 11, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_BSDCOMPAT, 14, REMEMBERED, ANY, ALWAYS, FORGOTTEN, INT_MIN, INT_MAX, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_REUSEPORT, 15, REMEMBERED, ANY, CONNECTED, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(SOCKET, SO_PASSCRED, 16, REMEMBERED, BEFORE_SCM_CHECK, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_BINDTODEVICE, 25, REFUSED, ANY, CONNECTED, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows that exist would keep their devices") \
	SOCKOPT(SOCKET, SO_ATTACH_FILTER, 26, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"a filter would see the packets of each subflow, not the stream") \
	SOCKOPT(SOCKET, SO_DETACH_FILTER, 27, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"a filter would see the packets of each subflow, not the stream") \
	SOCKOPT(SOCKET, SO_PASSSEC, 34, REMEMBERED, BEFORE_SCM_CHECK, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_TIMESTAMPING_OLD, 37, APPLIED, ANY, ALWAYS, TIMESTAMPING, 0, 0, UNSET_KERNEL, \
		"set on each subflow by MPTCP, which checks less than TCP") \
	SOCKOPT(SOCKET, SO_PROTOCOL, 38, REMEMBERED, ANY, ALWAYS, PROTOCOL, 0, 0, UNSET_KERNEL, \
		"answered as TCP with --disguise only") \
	SOCKOPT(SOCKET, SO_RXQ_OVFL, 40, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_WIFI_STATUS, 41, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_PEEK_OFF, 42, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP has no offset for MSG_PEEK") \
	SOCKOPT(SOCKET, SO_NOFCS, 43, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_LOCK_FILTER, 44, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"a filter would see the packets of each subflow, not the stream") \
	SOCKOPT(SOCKET, SO_SELECT_ERR_QUEUE, 45, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"poll() does not report POLLPRI for errors") \
	SOCKOPT(SOCKET, SO_MAX_PACING_RATE, 47, APPLIED, ANY, ALWAYS, RATE, 0, 0, UNSET_KERNEL, \
		"limits each subflow, not their sum") \
	SOCKOPT(SOCKET, SO_ATTACH_BPF, 50, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"a filter would see the packets of each subflow, not the stream") \
	SOCKOPT(SOCKET, SO_ATTACH_REUSEPORT_CBPF, 51, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"the program would choose between TCP listeners") \
	SOCKOPT(SOCKET, SO_ATTACH_REUSEPORT_EBPF, 52, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"the program would choose between TCP listeners") \
	SOCKOPT(SOCKET, SO_CNX_ADVICE, 53, REMEMBERED, ANY, ALWAYS, FORGOTTEN, INT_MIN, INT_MAX, UNSET_KERNEL, \
		"a hint to look for another route") \
	SOCKOPT(SOCKET, SO_ZEROCOPY, 60, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP copies, and would never report a completion") \
	SOCKOPT(SOCKET, SO_TXTIME, 61, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP chooses when to send") \
	SOCKOPT(SOCKET, SO_BINDTOIFINDEX, 62, REFUSED, ANY, CONNECTED, NOTHING, 0, 0, UNSET_KERNEL, \
		"subflows that exist would keep their devices") \
	SOCKOPT(SOCKET, SO_TIMESTAMPING_NEW, 65, APPLIED, ANY, ALWAYS, TIMESTAMPING, 0, 0, UNSET_KERNEL, \
		"set on each subflow by MPTCP, which checks less than TCP") \
	SOCKOPT(SOCKET, SO_DETACH_REUSEPORT_BPF, 68, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"the program would choose between TCP listeners") \
	SOCKOPT(SOCKET, SO_BUF_LOCK, 72, REMEMBERED, ANY, ALWAYS, MASK, 0, 3, UNSET_KERNEL, \
		"the size of the buffers stays automatic, or fixed") \
	SOCKOPT(SOCKET, SO_RESERVE_MEM, 73, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP does not reserve memory") \
	SOCKOPT(SOCKET, SO_TXREHASH, 74, APPLIED, ANY, ALWAYS, REHASH, -1, 1, UNSET_TXREHASH, \
		"set on each subflow") \
	SOCKOPT(SOCKET, SO_RCVMARK, 75, REMEMBERED, ANY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_PASSPIDFD, 76, REMEMBERED, BEFORE_SCM_CHECK, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket") \
	SOCKOPT(SOCKET, SO_DEVMEM_DONTNEED, 80, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP does not receive into the memory of devices") \
	SOCKOPT(SOCKET, SO_RCVPRIORITY, 82, REMEMBERED, RCVPRIORITY, ALWAYS, FLAG, 0, 0, UNSET_KERNEL, \
		"has no effect on a TCP socket")
/* clang-format on */

#endif /* SOCKOPT_TABLE_SOCKET_H */
