// SPDX-License-Identifier: GPL-2.0-or-later
/* Values that options take which are not numbers, or not small ones. */
#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <linux/in6.h>
#include <linux/net_tstamp.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "probe.h"

/* glibc 2.36 lacks it. */
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51
#endif

static const struct sock_filter accept_all[] = { BPF_STMT(BPF_RET | BPF_K, 0xffff) };
static const struct sock_fprog filter = { 1, (struct sock_filter *)accept_all };
static const struct sock_fprog no_filter = { 0, NULL };

static const struct tcp_md5sig md5_key = {
	.tcpm_addr = { .ss_family = AF_INET, .__data = { 0, 0, 192, 0, 2, 1 } },
	.tcpm_keylen = 4,
	.tcpm_key = "key",
};
static const struct in6_flowlabel_req flow_label = {
	.flr_dst.s6_addr = { [15] = 1 },
	.flr_action = IPV6_FL_A_GET,
	.flr_share = IPV6_FL_S_ANY,
	.flr_flags = IPV6_FL_F_CREATE,
};

#define VALUE(level, name, value)                                                                  \
	{                                                                                          \
		level, name, &value, sizeof(value)                                                 \
	}
#define BYTES(level, name, type, ...)                                                              \
	{                                                                                          \
		level, name, &(const type)__VA_ARGS__, sizeof(type)                                \
	}
#define TEXT(level, name, text)                                                                    \
	{                                                                                          \
		level, name, text, sizeof(text) - 1                                                \
	}

/* The first of an option is one that connections survive: it is the value that accepted sockets inherit. */
static const struct special specials[] = {
	BYTES(SOL_SOCKET, SO_LINGER, struct linger, { 1, 5 }),
	BYTES(SOL_SOCKET, SO_LINGER, struct linger, { 0, 7 }),
	BYTES(SOL_SOCKET, SO_RCVTIMEO, struct timeval, { 5, 250000 }),
	BYTES(SOL_SOCKET, SO_RCVTIMEO, struct timeval, { -1, 0 }),
	BYTES(SOL_SOCKET, SO_SNDTIMEO, struct timeval, { 5, 250000 }),
	BYTES(SOL_SOCKET, SO_SNDTIMEO, struct timeval, { 0, 2000000 }),
	BYTES(SOL_SOCKET, SO_SNDBUF, int, { 100000 }),
	BYTES(SOL_SOCKET, SO_RCVBUF, int, { 100000 }),
	TEXT(SOL_SOCKET, SO_BINDTODEVICE, "lo"),
	TEXT(SOL_SOCKET, SO_BINDTODEVICE, "nosuchdevice"),
	VALUE(SOL_SOCKET, SO_ATTACH_FILTER, filter),
	VALUE(SOL_SOCKET, SO_ATTACH_FILTER, no_filter),
	VALUE(SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, filter),
	BYTES(SOL_SOCKET, SO_MAX_PACING_RATE, uint64_t, { 125000000 }),
	BYTES(SOL_SOCKET, SO_MAX_PACING_RATE, uint64_t, { 5000000000 }),
	BYTES(SOL_SOCKET, SO_TXTIME, struct sock_txtime, { CLOCK_MONOTONIC, 0 }),
	BYTES(SOL_SOCKET, SO_TIMESTAMPING, int,
	      { SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE }),
	BYTES(SOL_SOCKET, SO_TIMESTAMPING, int,
	      { SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_TX_SOFTWARE }),
	BYTES(SOL_SOCKET, SO_BUF_LOCK, int, { SOCK_BUF_LOCK_MASK }),
	BYTES(IPPROTO_TCP, TCP_MAXSEG, int, { 1000 }),
	BYTES(IPPROTO_TCP, TCP_MAXSEG, int, { 32768 }),
	BYTES(IPPROTO_TCP, TCP_KEEPIDLE, int, { 45 }),
	BYTES(IPPROTO_TCP, TCP_KEEPINTVL, int, { 15 }),
	BYTES(IPPROTO_TCP, TCP_KEEPCNT, int, { 5 }),
	BYTES(IPPROTO_TCP, TCP_SYNCNT, int, { 3 }),
	BYTES(IPPROTO_TCP, TCP_LINGER2, int, { 20 }),
	BYTES(IPPROTO_TCP, TCP_DEFER_ACCEPT, int, { 30 }),
	BYTES(IPPROTO_TCP, TCP_DEFER_ACCEPT, int, { 128 }),
	BYTES(IPPROTO_TCP, TCP_DEFER_ACCEPT, int, { 29887 }),
	BYTES(IPPROTO_TCP, TCP_WINDOW_CLAMP, int, { 20000 }),
	BYTES(IPPROTO_TCP, TCP_USER_TIMEOUT, int, { 15000 }),
	TEXT(IPPROTO_TCP, TCP_CONGESTION, "reno"),
	TEXT(IPPROTO_TCP, TCP_CONGESTION, "nosuchalgorithm"),
	VALUE(IPPROTO_TCP, TCP_MD5SIG, md5_key),
	VALUE(IPPROTO_TCP, TCP_MD5SIG_EXT, md5_key),
	TEXT(IPPROTO_TCP, TCP_ULP, "tls"),
	TEXT(IPPROTO_TCP, TCP_FASTOPEN_KEY, "0123456789abcdef"),
	TEXT(IPPROTO_TCP, TCP_FASTOPEN_KEY, "0123456789abcdef0123456789abcdef"),
	BYTES(IPPROTO_TCP, TCP_TX_DELAY, int, { 1000 }),
	BYTES(IPPROTO_IP, IP_TOS, int, { 0x48 }),
	BYTES(IPPROTO_IP, IP_TOS, int, { 0x4b }),
	BYTES(IPPROTO_IP, IP_TTL, int, { 63 }),
	TEXT(IPPROTO_IP, IP_OPTIONS, "\1\1\1\0"),
	BYTES(IPPROTO_IP, IP_MULTICAST_IF, struct in_addr, { 0x0100007f }),
	BYTES(IPPROTO_IP, IP_ADD_MEMBERSHIP, struct ip_mreq, { { 0x010000e0 }, { 0x0100007f } }),
	BYTES(IPPROTO_IP, IP_LOCAL_PORT_RANGE, uint32_t, { 60999u << 16 | 40000 }),
	BYTES(IPPROTO_IPV6, IPV6_TCLASS, int, { 0x48 }),
	BYTES(IPPROTO_IPV6, IPV6_TCLASS, int, { 0x4b }),
	BYTES(IPPROTO_IPV6, IPV6_UNICAST_HOPS, int, { 63 }),
	BYTES(IPPROTO_IPV6, IPV6_MTU, int, { 1280 }),
	BYTES(IPPROTO_IPV6, IPV6_PKTINFO, struct in6_pktinfo, { .ipi6_ifindex = 1 }),
	VALUE(IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, flow_label),
	BYTES(IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, int, { IPV6_PREFER_SRC_TMP }),
	TEXT(IPPROTO_IPV6, IPV6_HOPOPTS, "\0\0\1\4\0\0\0\0"),
	TEXT(IPPROTO_IPV6, IPV6_DSTOPTS, "\0\0\1\4\0\0\0\0"),
};

const struct special *special_value(const struct option *option, size_t index)
{
	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		if (specials[i].level == option->level && specials[i].number == option->number &&
		    index-- == 0)
			return &specials[i];
	}
	return NULL;
}
