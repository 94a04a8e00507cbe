/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decision table of the option bridge: a row for each socket option that works on a TCP socket
 * and that an MPTCP socket refuses, ignores or answers otherwise (mptcp_setsockopt() and
 * mptcp_getsockopt() in net/mptcp/sockopt.c). What is not here works as on TCP. No option is named
 * anywhere else: programs, messages and documents are made from these rows.
 *
 * SOCKOPT(level, name, number, class, kernel, when, value, min, max, unset, reason)
 *
 * Each column but the reason is the end of the name of an enumerator below.
 */
#ifndef SOCKOPT_TABLE_H
#define SOCKOPT_TABLE_H

#include "common/sockopt_table_ip.h"
#include "common/sockopt_table_ipv6.h"
#include "common/sockopt_table_socket.h"
#include "common/sockopt_table_tcp.h"

/* Sorted by level and number. */
#define SOCKOPTS(SOCKOPT)                                                                          \
	SOCKOPTS_IP(SOCKOPT)                                                                       \
	SOCKOPTS_SOCKET(SOCKOPT)                                                                   \
	SOCKOPTS_TCP(SOCKOPT)                                                                      \
	SOCKOPTS_IPV6(SOCKOPT)

/* The levels, of which some kernel headers have macros with the same names. */
enum sockopt_level {
	SOCKOPT_LEVEL_IP = 0,
	SOCKOPT_LEVEL_SOCKET = 1, /* as in asm-generic/socket.h */
	SOCKOPT_LEVEL_TCP = 6,
	SOCKOPT_LEVEL_IPV6 = 41,
};

/* What the bridge does about an option. */
enum sockopt_class {
	/* Kept, and set on every subflow: those that exist and those that join later. */
	SOCKOPT_APPLIED,
	/* Kept and answered as TCP would, without effect: nothing depends on it. */
	SOCKOPT_REMEMBERED,
	/* Fails, because to pretend would be wrong. */
	SOCKOPT_REFUSED,
	SOCKOPT_CLASSES,
};

/* The kernels whose TCP has the option and whose MPTCP does not handle it. */
enum sockopt_kernel {
	SOCKOPT_KERNEL_ANY,
	/* Before Linux 6.18, where MPTCP handles TCP_MAXSEG (mptcp_sock.maxseg). */
	SOCKOPT_KERNEL_BEFORE_MAXSEG,
	/* Before Linux 6.16, where a TCP socket refuses it (sk_may_scm_recv()). */
	SOCKOPT_KERNEL_BEFORE_SCM_CHECK,
	/* Since Linux 6.14 (SOCK_RCVPRIORITY in enum sock_flags). */
	SOCKOPT_KERNEL_RCVPRIORITY,
	/* Since Linux 6.15 (inet_connection_sock.icsk_rto_max). */
	SOCKOPT_KERNEL_RTO_MAX,
};

/* The states of the socket in which MPTCP differs from TCP. */
enum sockopt_when {
	SOCKOPT_WHEN_ALWAYS,
	/* Until it falls back to TCP; from then on the kernel passes the call on. */
	SOCKOPT_WHEN_WHILE_MPTCP,
	/* Once it is neither closed nor listening; until then MPTCP passes the call on. */
	SOCKOPT_WHEN_CONNECTED,
};

/* Which values TCP accepts, and what it keeps. All are of type int but RATE. */
enum sockopt_value {
	SOCKOPT_VALUE_NOTHING,	  /* refused by the kernel */
	SOCKOPT_VALUE_UNSETTABLE, /* refused by TCP as well, which answers getsockopt() */
	SOCKOPT_VALUE_DENIED,	  /* refused by the bridge; the kernel would ignore it */
	SOCKOPT_VALUE_PROTOCOL,	  /* cannot be set; answered only with --disguise */
	SOCKOPT_VALUE_FLAG,	  /* not 0: kept as 1 */
	SOCKOPT_VALUE_FULL_FLAG,  /* the same; of level IP, where no bytes are an error */
	SOCKOPT_VALUE_SHORT_FLAG, /* the same; a value that is too short is 0, not an error */
	SOCKOPT_VALUE_RANGE,	  /* from min to max */
	SOCKOPT_VALUE_FULL_RANGE, /* the same; of level IP, where no bytes are an error */
	SOCKOPT_VALUE_FORGOTTEN,  /* from min to max, and not kept */
	SOCKOPT_VALUE_MASK,	  /* no bits but those of max */
	SOCKOPT_VALUE_SEGMENT,	  /* 0, or from min to max */
	SOCKOPT_VALUE_SECONDS,	  /* kept as min if negative, and as max if larger */
	SOCKOPT_VALUE_RETRIES,	  /* seconds to max, kept as those that retransmissions take */
	SOCKOPT_VALUE_RTO_MIN,	  /* microseconds to max, rounded up to jiffies, 2 at least */
	SOCKOPT_VALUE_DELACK_MAX, /* the same */
	SOCKOPT_VALUE_RTO_MAX,	  /* milliseconds from min to max, rounded up to jiffies */
	SOCKOPT_VALUE_CLAMP,	  /* kept as the smallest window if smaller */
	SOCKOPT_VALUE_REHASH,	  /* -1: as net.core.txrehash */
	SOCKOPT_VALUE_RATE,	  /* unsigned, of 4 or 8 bytes */
	SOCKOPT_VALUE_TCLASS,	  /* -1: 0; the bits of ECN are TCP's own */
	SOCKOPT_VALUE_HOPS,	  /* -1, or from min to max; see SOCKOPT_LIMITS_REACH() */
	SOCKOPT_VALUE_PORTS,	  /* a range of ports */
	SOCKOPT_VALUE_CHECKED,	  /* from min to max, and then set by MPTCP itself */
	/* Flags, of 4 or 8 bytes and then set by MPTCP itself; see SOCKOPT_ID_OF_STREAM. */
	SOCKOPT_VALUE_TIMESTAMPING,
};

/* What getsockopt() answers before setsockopt(). */
enum sockopt_unset {
	SOCKOPT_UNSET_KERNEL, /* the kernel's own answer */
	SOCKOPT_UNSET_0,
	SOCKOPT_UNSET_1,
	SOCKOPT_UNSET_1_OF_IPV4,     /* 0 for IPv6 sockets */
	SOCKOPT_UNSET_TXREHASH,	     /* net.core.txrehash */
	SOCKOPT_UNSET_SYN_RETRIES,   /* net.ipv4.tcp_syn_retries */
	SOCKOPT_UNSET_FIN_TIMEOUT,   /* net.ipv4.tcp_fin_timeout */
	SOCKOPT_UNSET_TTL,	     /* net.ipv4.ip_default_ttl */
	SOCKOPT_UNSET_PMTU_DISC,     /* net.ipv4.ip_no_pmtu_disc */
	SOCKOPT_UNSET_HOP_LIMIT,     /* net.ipv6.conf.all.hop_limit */
	SOCKOPT_UNSET_AUTOFLOWLABEL, /* net.ipv6.auto_flowlabels */
	SOCKOPT_UNSET_RTO_MAX,	     /* net.ipv4.tcp_rto_max_ms */
	SOCKOPT_UNSET_RTO_MIN,	     /* net.ipv4.tcp_rto_min_us */
	SOCKOPT_UNSET_DELACK_MAX,    /* 200 ms (TCP_DELACK_MAX) */
	SOCKOPT_UNSET_MSS,	     /* of the first subflow */
	SOCKOPT_UNSET_CLAMP,	     /* of the first subflow */
};

/*
 * Whether a hop limit is meant as a security measure: to reach only close neighbours, or to prove
 * to be one (RFC 5082). MPTCP cannot set it on subflows, so that it is refused then.
 */
#define SOCKOPT_LEAST_HOPS 32
#define SOCKOPT_MOST_HOPS  255
#define SOCKOPT_LIMITS_REACH(value)                                                                \
	((value) >= 0 && ((value) < SOCKOPT_LEAST_HOPS || (value) == SOCKOPT_MOST_HOPS))

/* SOF_TIMESTAMPING_OPT_ID, which a TCP socket accepts only when it is connected. */
#define SOCKOPT_ID_OF_STREAM (1 << 7)

/* The place of an option in the table: SOCKOPT_ROW_ and its name. */
#define SOCKOPT_PLACE(level, name, ...) SOCKOPT_ROW_##name,
enum sockopt_row {
	SOCKOPTS(SOCKOPT_PLACE) SOCKOPT_ROWS
};
#undef SOCKOPT_PLACE

#endif /* SOCKOPT_TABLE_H */
