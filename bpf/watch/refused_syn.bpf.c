// SPDX-License-Identifier: GPL-2.0-only
/*
 * SYNs with MP_JOIN that are answered with a RST: by MPTCP, which has no connection with that token
 * or has not announced the port, or by TCP, if nothing listens on the port and MPTCP never sees the
 * SYN. The latter keeps the connections of programs that stop listening after accept() on one path.
 */

#include "join.bpf.h"
#include "rate_limit.bpf.h"
#include "tokens.bpf.h"

/*
 * TCP options, and the MP_JOIN of a SYN (RFC 8684, 3.2): kind, length, subtype and flags, address
 * id, token.
 */
#define TCPOPT_EOL	0
#define TCPOPT_NOP	1
#define TCPOPT_MPTCP	30
#define MPTCP_SUB_JOIN	1
#define MP_JOIN_SYN_LEN 12
#define MP_JOIN_BACKUP	1
#define TCP_HEADER_LEN	20
#define TCP_OPTIONS_MAX 40

struct join_syn {
	__u8 options[TCP_OPTIONS_MAX + MP_JOIN_SYN_LEN]; /* followed by zeroes: TCPOPT_EOL */
	__u32 token;
	__u8 rem_id;
	__u8 backup;
};

struct option_walk {
	struct join_syn *syn;
	__u32 at;
};

static long visit_option(__u64 index, struct option_walk *walk)
{
	const __u8 *option;
	__u32 at = walk->at;

	if (at >= TCP_OPTIONS_MAX)
		return 1;
	option = &walk->syn->options[at];
	if (option[0] == TCPOPT_EOL)
		return 1;
	if (option[0] == TCPOPT_NOP) {
		walk->at++;
		return 0;
	}
	if (option[0] == TCPOPT_MPTCP && option[1] == MP_JOIN_SYN_LEN &&
	    option[2] >> 4 == MPTCP_SUB_JOIN) {
		walk->syn->backup = option[2] & MP_JOIN_BACKUP;
		walk->syn->rem_id = option[3];
		walk->syn->token = (__u32)option[4] << 24 | option[5] << 16 | option[6] << 8 |
				   option[7];
		return 1;
	}
	if (option[1] < 2)
		return 1;
	walk->at += option[1];
	return 0;
}

static __always_inline const struct tcphdr *tcp_header_of(const struct sk_buff *skb)
{
	return (const void *)(READ(struct sk_buff, skb, head) +
			      READ(struct sk_buff, skb, transport_header));
}

/* Whether the packet is a SYN with MP_JOIN. Reads its token, address id and backup flag. */
static __always_inline bool read_join_syn(const struct tcphdr *tcp, struct join_syn *syn)
{
	struct option_walk walk = { .syn = syn };
	__u32 length = BPF_CORE_READ_BITFIELD_PROBED(tcp, doff) * 4 - TCP_HEADER_LEN;

	if (!BPF_CORE_READ_BITFIELD_PROBED(tcp, syn) || BPF_CORE_READ_BITFIELD_PROBED(tcp, ack))
		return false;
	/*
	 * A single comparison, of the value that is used: the compiler can turn two into one of a
	 * difference, which the verifier does not follow.
	 */
	barrier_var(length);
	if (length > TCP_OPTIONS_MAX)
		return false;
	bpf_probe_read_kernel(syn->options, length, (const __u8 *)tcp + TCP_HEADER_LEN);
	bpf_loop(TCP_OPTIONS_MAX, visit_option, &walk, 0);
	return syn->token;
}

/* From include/linux/skbuff.h: a flag in sk_buff._skb_refdst. */
#define SKB_DST_NOREF 1UL

#define IPV4_SADDR 12
#define IPV4_DADDR 16
#define IPV6_SADDR 8
#define IPV6_DADDR 24

/* Our address is the destination of the SYN. */
static __always_inline void fill_from_packet(struct watch_subflow *subflow, const __u8 *ip,
					     const struct tcphdr *tcp, bool is_ipv6)
{
	subflow->sport = BPF_CORE_READ(tcp, dest);
	subflow->dport = BPF_CORE_READ(tcp, source);
	subflow->family = is_ipv6 ? AF_INET6 : AF_INET;
	if (is_ipv6) {
		bpf_probe_read_kernel(subflow->saddr, 16, ip + IPV6_DADDR);
		bpf_probe_read_kernel(subflow->daddr, 16, ip + IPV6_SADDR);
	} else {
		bpf_probe_read_kernel(subflow->saddr, 4, ip + IPV4_DADDR);
		bpf_probe_read_kernel(subflow->daddr, 4, ip + IPV4_SADDR);
	}
}

static __always_inline enum watch_join reason_of_reset(const struct sock *listener, bool known)
{
	if (!listener)
		return WATCH_JOIN_NO_LISTENER;
	return known ? WATCH_JOIN_PORT : WATCH_JOIN_TOKEN;
}

/* As in tcp_v4_send_reset(): without a listener, the packet still has its route. */
static __always_inline __u32 netns_of_packet(const struct sock *listener, const struct sk_buff *skb)
{
	const struct dst_entry___device *route;

	if (listener)
		return netns_of(listener);
	route = (const void *)(READ(struct sk_buff, skb, _skb_refdst) & ~SKB_DST_NOREF);
	return route ? BPF_CORE_READ(route, dev, nd_net.net, ns.inum) : 0;
}

/*
 * The connection with that token in the network namespace that received the packet; no other is
 * meant.
 */
static __always_inline const struct connection *connection_of_syn(__u32 token, __u32 netns)
{
	const struct connection *connection = connection_of_token(token);

	return connection && connection->netns == netns ? connection : NULL;
}

/* listener may be NULL. Then only the token identifies the connection. */
static __noinline int emit_refused_syn(const struct sock *listener, const struct sk_buff *skb,
				       bool is_ipv6)
{
	const struct tcphdr *tcp = tcp_header_of(skb);
	const struct connection *known, *owner;
	struct watch_record *record;
	struct limited limited = { .event = WATCH_JOIN_FAILED };
	struct join_syn syn = {};
	enum watch_join reason;
	__u32 netns;

	if (!event_selected(WATCH_JOIN_FAILED) || !read_join_syn(tcp, &syn))
		return 0;
	netns = netns_of_packet(listener, skb);
	known = connection_of_syn(syn.token, netns);
	if (!known && !listener)
		return 0;
	owner = known ?: listener_of(listener);
	if (filtered_out(WATCH_JOIN_FAILED, owner, netns, READ(struct tcphdr, tcp, dest),
			 READ(struct tcphdr, tcp, source)))
		return 0;
	reason = reason_of_reset(listener, known);
	limited.group = netns;
	limited.member = reason;
	if (!within_limit(&limited)) {
		count_lost(WATCH_JOIN_FAILED, WATCH_LOST_RATE_LIMIT);
		return 0;
	}
	record = reserve_record(WATCH_JOIN_FAILED, owner, netns);
	if (!record)
		return 0;
	record->token = syn.token;
	record->flags = WATCH_SERVER_SIDE;
	record->join_failed.reason = reason;
	record->join_failed.theirs = 1;
	record->subflow.rem_id = syn.rem_id;
	record->subflow.backup = syn.backup;
	fill_from_packet(&record->subflow,
			 READ(struct sk_buff, skb, head) +
				 READ(struct sk_buff, skb, network_header),
			 tcp, is_ipv6);
	submit_record(record);
	return 0;
}

/* Other sockets do not refuse SYNs. */
static __always_inline bool refuses_syns(const struct sock *sk)
{
	return !sk || READ(struct sock, sk, __sk_common.skc_state) == TCP_LISTEN;
}

SEC("?fentry/tcp_v4_send_reset")
int BPF_PROG(ipv4_reset_sent, const struct sock *sk, struct sk_buff *skb)
{
	return refuses_syns(sk) ? emit_refused_syn(sk, skb, false) : 0;
}

SEC("?fentry/tcp_v6_send_reset")
int BPF_PROG(ipv6_reset_sent, const struct sock *sk, struct sk_buff *skb)
{
	return refuses_syns(sk) ? emit_refused_syn(sk, skb, true) : 0;
}
