/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of level IPPROTO_TCP: see sockopt_table.h. Sorted by number. */
#ifndef SOCKOPT_TABLE_TCP_H
#define SOCKOPT_TABLE_TCP_H

/* clang-format off */
#define SOCKOPTS_TCP(SOCKOPT) \
	SOCKOPT(TCP, TCP_MAXSEG, 2, APPLIED, BEFORE_MAXSEG, WHILE_MPTCP, SEGMENT, 88, 32767, UNSET_MSS, \
		"set on each subflow") \
	SOCKOPT(TCP, TCP_KEEPIDLE, 4, APPLIED, ANY, WHILE_MPTCP, CHECKED, 1, 32767, UNSET_KERNEL, \
		"set on each subflow by MPTCP, which checks less than TCP") \
	SOCKOPT(TCP, TCP_KEEPINTVL, 5, APPLIED, ANY, WHILE_MPTCP, CHECKED, 1, 32767, UNSET_KERNEL, \
		"set on each subflow by MPTCP, which checks less than TCP") \
	SOCKOPT(TCP, TCP_KEEPCNT, 6, APPLIED, ANY, WHILE_MPTCP, CHECKED, 1, 127, UNSET_KERNEL, \
		"set on each subflow by MPTCP, which checks less than TCP") \
	SOCKOPT(TCP, TCP_SYNCNT, 7, APPLIED, ANY, WHILE_MPTCP, RANGE, 1, 127, UNSET_SYN_RETRIES, \
		"set on each subflow") \
	SOCKOPT(TCP, TCP_LINGER2, 8, REMEMBERED, ANY, WHILE_MPTCP, SECONDS, -1, 120, UNSET_FIN_TIMEOUT, \
		"subflows end as net.ipv4.tcp_fin_timeout says") \
	SOCKOPT(TCP, TCP_DEFER_ACCEPT, 9, REMEMBERED, ANY, WHILE_MPTCP, RETRIES, 0, 29887, UNSET_0, \
		"a hint about when to accept, which would delay further subflows") \
	SOCKOPT(TCP, TCP_WINDOW_CLAMP, 10, APPLIED, ANY, WHILE_MPTCP, CLAMP, 0, 0, UNSET_CLAMP, \
		"limits the window of each subflow") \
	SOCKOPT(TCP, TCP_QUICKACK, 12, REMEMBERED, ANY, WHILE_MPTCP, FLAG, 0, 0, UNSET_1, \
		"a hint about when to acknowledge") \
	SOCKOPT(TCP, TCP_MD5SIG, 14, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"signs the headers of TCP, which leaves no room for MPTCP") \
	SOCKOPT(TCP, TCP_THIN_LINEAR_TIMEOUTS, 16, APPLIED, ANY, WHILE_MPTCP, RANGE, 0, 1, UNSET_0, \
		"set on each subflow") \
	SOCKOPT(TCP, TCP_THIN_DUPACK, 17, REMEMBERED, ANY, WHILE_MPTCP, FORGOTTEN, 0, 1, UNSET_0, \
		"has no effect on a TCP socket") \
	SOCKOPT(TCP, TCP_USER_TIMEOUT, 18, APPLIED, ANY, WHILE_MPTCP, RANGE, 0, INT_MAX, UNSET_0, \
		"ends each subflow that makes no progress") \
	SOCKOPT(TCP, TCP_REPAIR, 19, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"would change the state of TCP below that of MPTCP") \
	SOCKOPT(TCP, TCP_REPAIR_QUEUE, 20, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"would change the state of TCP below that of MPTCP") \
	SOCKOPT(TCP, TCP_QUEUE_SEQ, 21, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"would change the state of TCP below that of MPTCP") \
	SOCKOPT(TCP, TCP_REPAIR_OPTIONS, 22, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"would change the state of TCP below that of MPTCP") \
	SOCKOPT(TCP, TCP_TIMESTAMP, 24, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"would change the state of TCP below that of MPTCP") \
	SOCKOPT(TCP, TCP_SAVE_SYN, 27, APPLIED, ANY, WHILE_MPTCP, RANGE, 0, 2, UNSET_0, \
		"set on the first subflow") \
	SOCKOPT(TCP, TCP_SAVED_SYN, 28, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP does not hand out the SYN") \
	SOCKOPT(TCP, TCP_REPAIR_WINDOW, 29, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"would change the state of TCP below that of MPTCP") \
	SOCKOPT(TCP, TCP_ULP, 31, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"a protocol above TCP would see parts of the stream") \
	SOCKOPT(TCP, TCP_MD5SIG_EXT, 32, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"signs the headers of TCP, which leaves no room for MPTCP") \
	SOCKOPT(TCP, TCP_FASTOPEN_KEY, 33, REFUSED, ANY, CONNECTED, NOTHING, 0, 0, UNSET_KERNEL, \
		"has no effect once the socket is connected") \
	SOCKOPT(TCP, TCP_ZEROCOPY_RECEIVE, 35, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP cannot map what it received") \
	SOCKOPT(TCP, TCP_TX_DELAY, 37, REFUSED, ANY, WHILE_MPTCP, NOTHING, 0, 0, UNSET_KERNEL, \
		"MPTCP would send sooner than asked for") \
	SOCKOPT(TCP, TCP_AO_ADD_KEY, 38, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"signs the headers of TCP, which leaves no room for MPTCP") \
	SOCKOPT(TCP, TCP_AO_DEL_KEY, 39, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"signs the headers of TCP, which leaves no room for MPTCP") \
	SOCKOPT(TCP, TCP_AO_INFO, 40, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"signs the headers of TCP, which leaves no room for MPTCP") \
	SOCKOPT(TCP, TCP_AO_GET_KEYS, 41, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"signs the headers of TCP, which leaves no room for MPTCP") \
	SOCKOPT(TCP, TCP_AO_REPAIR, 42, REFUSED, ANY, ALWAYS, NOTHING, 0, 0, UNSET_KERNEL, \
		"would change the state of TCP below that of MPTCP") \
	SOCKOPT(TCP, TCP_RTO_MAX_MS, 44, APPLIED, RTO_MAX, ALWAYS, RTO_MAX, 1000, 120000, UNSET_RTO_MAX, \
		"set on each subflow") \
	SOCKOPT(TCP, TCP_RTO_MIN_US, 45, APPLIED, RTO_MAX, ALWAYS, RTO_MIN, 0, 200000, UNSET_RTO_MIN, \
		"set on each subflow") \
	SOCKOPT(TCP, TCP_DELACK_MAX_US, 46, APPLIED, RTO_MAX, ALWAYS, DELACK_MAX, 0, 200000, UNSET_DELACK_MAX, \
		"set on each subflow")
/* clang-format on */

#endif /* SOCKOPT_TABLE_TCP_H */
