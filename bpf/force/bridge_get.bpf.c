// SPDX-License-Identifier: GPL-2.0-only
/*
 * getsockopt() of upgraded sockets: answers what setsockopt() has kept, or what TCP answers before
 * that, with the sizes of TCP. Called after the kernel's own handler, whose error it replaces.
 */

#include "bridge.bpf.h"

struct netns_ipv4___rto_max {
	int sysctl_tcp_rto_max_ms;
} __attribute__((preserve_access_index));

struct net___rto_max {
	struct netns_ipv4___rto_max ipv4;
} __attribute__((preserve_access_index));

static __always_inline int rto_max_of(const struct net *net)
{
	/* Never called on a kernel without the option, whose verifier checks it nevertheless. */
	if (!bpf_core_field_exists(struct netns_ipv4___rto_max, sysctl_tcp_rto_max_ms))
		return 0;
	return CAST(struct net___rto_max, net)->ipv4.sysctl_tcp_rto_max_ms;
}

/* What a TCP socket has before it is connected (TCP_MSS_DEFAULT). */
#define MSS_DEFAULT 536

static __always_inline int first_mss(const struct bpf_sock *sk)
{
	const struct sock *first = CAST(struct mptcp_sock, sk)->first;

	return first ? CAST(struct tcp_sock, first)->mss_cache : MSS_DEFAULT;
}

static __always_inline int first_clamp(const struct bpf_sock *sk)
{
	const struct sock *first = CAST(struct mptcp_sock, sk)->first;

	return first ? CAST(struct tcp_sock, first)->window_clamp : 0;
}

/* Only the member that is used. */
struct ipv6_devconf___hop_limit {
	__s32 hop_limit;
} __attribute__((preserve_access_index));

static __always_inline int hop_limit_of(const struct net *net)
{
	return CAST(struct ipv6_devconf___hop_limit, net->ipv6.devconf_all)->hop_limit;
}

/* What TCP answers before setsockopt(). */
static __always_inline int unset_value(const struct bridge_row *row, const struct bpf_sock *sk)
{
	const struct net *net = net_of(sk);

	switch (row->unset) {
	case SOCKOPT_UNSET_1:
		return 1;
	case SOCKOPT_UNSET_TXREHASH:
		return net->core.sysctl_txrehash;
	case SOCKOPT_UNSET_1_OF_IPV4:
		return sk->family == AF_INET;
	case SOCKOPT_UNSET_SYN_RETRIES:
		return net->ipv4.sysctl_tcp_syn_retries;
	case SOCKOPT_UNSET_FIN_TIMEOUT:
		return (__u32)net->ipv4.sysctl_tcp_fin_timeout / jiffies_per_s;
	case SOCKOPT_UNSET_TTL:
		return net->ipv4.sysctl_ip_default_ttl;
	case SOCKOPT_UNSET_PMTU_DISC:
		return !net->ipv4.sysctl_ip_no_pmtu_disc;
	case SOCKOPT_UNSET_HOP_LIMIT:
		return hop_limit_of(net);
	case SOCKOPT_UNSET_AUTOFLOWLABEL:
		/* 1 and 2 are on, unless the socket says otherwise (ip6_autoflowlabel()). */
		return net->ipv6.sysctl.auto_flowlabels == 1 ||
		       net->ipv6.sysctl.auto_flowlabels == 3;
	case SOCKOPT_UNSET_RTO_MAX:
		return rto_max_of(net);
	case SOCKOPT_UNSET_RTO_MIN:
		return net->ipv4.sysctl_tcp_rto_min_us;
	case SOCKOPT_UNSET_DELACK_MAX:
		return 200000;
	case SOCKOPT_UNSET_MSS:
		return first_mss(sk);
	case SOCKOPT_UNSET_CLAMP:
		return first_clamp(sk);
	default:
		return 0;
	}
}

/* Values that TCP keeps and reads as "not set". */
static __always_inline bool means_unset(const struct bridge_row *row, const struct bpf_sock *sk,
					const struct bridge_state *state, int value)
{
	switch (row->value) {
	case SOCKOPT_VALUE_SECONDS:
		return value == 0;
	case SOCKOPT_VALUE_HOPS:
		return value == -1;
	case SOCKOPT_VALUE_RETRIES:
		/* An accepted socket does not inherit it (inet_csk_clone_lock()). */
		return state->retries_of != (__u64)sk;
	case SOCKOPT_VALUE_SEGMENT:
		return value == 0 || is_connected(sk);
	default:
		return false;
	}
}

/* Copies the low bytes; the kernel's buffer has at least size bytes. */
static __always_inline void write_bytes(const struct bpf_sockopt *ctx, __u64 value, __u32 size)
{
	__u8 *optval = ctx->optval, *end = ctx->optval_end;

	if (size >= sizeof(value) && optval + sizeof(value) <= (__u8 *)ctx->optval_end) {
		*(__u64 *)optval = value;
		return;
	}
	if (size >= INT_SIZE && optval + INT_SIZE <= end) {
		*(__u32 *)optval = value;
		return;
	}
	if (size > 0 && optval + 1 <= end)
		optval[0] = value;
	if (size > 1 && optval + 2 <= end)
		optval[1] = value >> 8;
	if (size > 2 && optval + 3 <= end)
		optval[2] = value >> 16;
}

/* optlen is what the program gave or, where the kernel's handler succeeded, what it has written. */
static __always_inline int answer(struct bpf_sockopt *ctx, const struct bridge_row *row, int value)
{
	const __u8 *optval = ctx->optval, *end = ctx->optval_end;
	__u32 size = ctx->optlen;

	/* mptcp_put_int_option() has answered the kernel's own value in a byte. */
	if (size == 1 && optval + 2 <= end && optval + INT_SIZE > end)
		size = optval + 3 <= end ? 3 : 2;
	/* do_ip_getsockopt() answers a small value in a byte. */
	if (row->level == SOCKOPT_LEVEL_IP && size > 0 && size < INT_SIZE && value >= 0 &&
	    value <= 255)
		size = 1;
	else if (size > INT_SIZE)
		size = INT_SIZE;
	write_bytes(ctx, (__u32)value, size);
	ctx->optlen = size;
	ctx->retval = 0;
	return 1;
}

/* The kernel's handler has succeeded, so that optlen is 8, or 4, or less. */
static __always_inline int answer_rate(struct bpf_sockopt *ctx, const struct bridge_state *state)
{
	__u64 rate = state->rate;

	if (ctx->optlen < (int)sizeof(rate) && rate > ~0U)
		rate = ~0U;
	write_bytes(ctx, rate, ctx->optlen);
	return 1;
}

/* What the kernel refuses for another reason, such as a size, TCP refuses too. */
static __always_inline bool is_unsupported(int retval)
{
	return retval == -EOPNOTSUPP || retval == -ENOPROTOOPT;
}

/* The answers to options that are kept, or could be. */
static __always_inline int answer_kept(struct bpf_sockopt *ctx, const struct bridge_row *row,
				       struct bpf_sock *sk, const struct bridge_state *state)
{
	__u32 slot = row->slot;
	int value;

	if (state && slot < SLOTS && is_set(state, slot)) {
		if (row->value == SOCKOPT_VALUE_RATE)
			return answer_rate(ctx, state);
		value = state->values[slot];
		if (!means_unset(row, sk, state, value))
			return answer(ctx, row, value);
	} else if (row->unset == SOCKOPT_UNSET_KERNEL || kernel_handles(row, sk)) {
		return 1;
	}
	return answer(ctx, row, unset_value(row, sk));
}

static __always_inline int refuse(const struct bpf_sockopt *ctx, __u32 verdict, __u32 place)
{
	if (is_unsupported(ctx->retval))
		note_refusal(verdict, place);
	return 1;
}

static __noinline int answer_option(struct bpf_sockopt *ctx, __u32 place, __u32 verdict)
{
	struct bpf_sock *sk = ctx->sk;
	const struct bridge_state *state;
	const struct bridge_row *row;

	if (place >= SOCKOPT_ROWS || !sk || verdict == NOT_INCLUDED)
		return 1;
	row = &bridge_rows[place];
	if (!kernel_differs(row->kernel) || (ctx->retval && !is_unsupported(ctx->retval)))
		return 1;
	state = bpf_sk_storage_get(&bridge_states, sk, NULL, 0);
	if (state && state->asked)
		return 1;
	if (row->value == SOCKOPT_VALUE_PROTOCOL)
		return has_option(verdict, FORCE_OPTION_DISGUISE) ? answer(ctx, row, IPPROTO_TCP)
								  : 1;
	if (row->class == SOCKOPT_REFUSED)
		return refuse(ctx, verdict, place);
	return answer_kept(ctx, row, sk, state);
}

/* As do_ip_getsockopt() does. */
static __noinline int answer_unsupported(struct bpf_sockopt *ctx, __u32 verdict)
{
	if (ctx->sk && is_ours(ctx->sk, verdict))
		ctx->retval = -EOPNOTSUPP;
	return 1;
}

/*
 * Where less than an int is asked for, mptcp_put_int_option() answers a small value in a byte. TCP
 * does so at level IP only. The bytes that follow are 0.
 */
static __noinline int answer_all_bytes(struct bpf_sockopt *ctx, __u32 verdict)
{
	const __u8 *optval = ctx->optval, *end = ctx->optval_end;

	if (!ctx->sk || (ctx->level != SOCKOPT_LEVEL_TCP && ctx->level != SOCKOPT_LEVEL_IPV6) ||
	    fell_back(ctx->sk) || !is_ours(ctx->sk, verdict))
		return 1;
	if (optval + 2 <= end && optval + INT_SIZE > end)
		ctx->optlen = optval + 3 <= end ? 3 : 2;
	return 1;
}

SEC("cgroup/getsockopt")
int get_option(struct bpf_sockopt *ctx)
{
	__u32 place;

	if (!ctx->sk || ctx->sk->protocol != IPPROTO_MPTCP)
		return 1;
	if (is_level_of_other_family(ctx))
		return answer_unsupported(ctx, verdict_to_mptcp());
	place = row_of_option(ctx->level, ctx->optname);
	if (place < SOCKOPT_ROWS)
		answer_option(ctx, place, verdict_to_mptcp());
	return !ctx->retval && ctx->optlen == 1 ? answer_all_bytes(ctx, verdict_to_mptcp()) : 1;
}
