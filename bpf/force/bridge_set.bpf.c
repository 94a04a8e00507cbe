// SPDX-License-Identifier: GPL-2.0-only
/*
 * setsockopt() of upgraded sockets. An option that the bridge keeps is checked as TCP does, stored,
 * and never reaches the kernel's own handler: optlen -1 makes do_sock_setsockopt() return 0. A
 * second enforcer's program finds -1 and does nothing.
 */

#include "bridge.bpf.h"
#include "events.bpf.h"

/* Makes the system call fail. Programs that return 0 do; this says how. */
static __always_inline int fail(int err)
{
	bpf_set_retval(err);
	return 0;
}

/* Lets the kernel's own handler run. */
#define PASS 1

/* What SOCK_MIN_RCVBUF / 2 is (include/net/sock.h), with the alignment of 64-byte cache lines. */
static __always_inline int smallest_window(void)
{
	return (2048 + ((bpf_core_type_size(struct sk_buff) + 63) & ~63U)) / 2;
}

static __always_inline bool is_within(const struct bridge_row *row, int value)
{
	return value >= row->min && value <= row->max;
}

static __always_inline __u32 in_jiffies(__u32 time, __u32 units_per_s)
{
	__u32 jiffy = units_per_s / jiffies_per_s;

	return (time + jiffy - 1) / jiffy;
}

/* TCP keeps these times in jiffies, two of them at least (TCP_TIMEOUT_MIN). */
static __always_inline int check_jiffies(const struct bridge_row *row, int value, int *kept)
{
	__u32 jiffies = in_jiffies(value, 1000000);

	if (value < 0 || value > row->max || jiffies < 2)
		return -EINVAL;
	*kept = jiffies * (1000000 / jiffies_per_s);
	return 0;
}

/*
 * TCP keeps such a time as a number of retransmissions (secs_to_retrans() and retrans_to_secs()),
 * which follow after 1, 2, 4, ... 64 s, and then after 120 s each (TCP_RTO_MAX).
 */
#define DOUBLED_SECONDS 127
#define RTO_MAX_SECONDS 120

static __always_inline int in_retries(const struct bridge_row *row, int seconds)
{
	int taken = 1;

	if (seconds <= 0)
		return 0;
	if (seconds >= row->max)
		return row->max;
	if (seconds > DOUBLED_SECONDS)
		return DOUBLED_SECONDS +
		       ((__u32)(seconds - DOUBLED_SECONDS) + RTO_MAX_SECONDS - 1) /
			       RTO_MAX_SECONDS * RTO_MAX_SECONDS;
	while (taken < seconds && taken < DOUBLED_SECONDS)
		taken = 2 * taken + 1;
	return taken;
}

static __always_inline int check_value(const struct bridge_row *row, const struct bpf_sock *sk,
				       int value, int *kept)
{
	*kept = value;
	switch (row->value) {
	case SOCKOPT_VALUE_FLAG:
	case SOCKOPT_VALUE_SHORT_FLAG:
	case SOCKOPT_VALUE_FULL_FLAG:
		*kept = value != 0;
		return 0;
	case SOCKOPT_VALUE_RANGE:
	case SOCKOPT_VALUE_FULL_RANGE:
	case SOCKOPT_VALUE_FORGOTTEN:
		return is_within(row, value) ? 0 : -EINVAL;
	case SOCKOPT_VALUE_MASK:
		return value & ~row->max ? -EINVAL : 0;
	case SOCKOPT_VALUE_SEGMENT:
		return !value || is_within(row, value) ? 0 : -EINVAL;
	case SOCKOPT_VALUE_SECONDS:
		*kept = value < 0 ? row->min : value > row->max ? row->max : value;
		return 0;
	case SOCKOPT_VALUE_RETRIES:
		*kept = in_retries(row, value);
		return 0;
	case SOCKOPT_VALUE_RTO_MIN:
	case SOCKOPT_VALUE_DELACK_MAX:
		return check_jiffies(row, value, kept);
	case SOCKOPT_VALUE_RTO_MAX:
		*kept = in_jiffies(value, 1000) * (1000 / jiffies_per_s);
		return is_within(row, value) ? 0 : -EINVAL;
	case SOCKOPT_VALUE_CLAMP:
		if (!value)
			return sk->state == TCP_CLOSE ? 0 : -EINVAL;
		if (value < smallest_window())
			*kept = smallest_window();
		return 0;
	case SOCKOPT_VALUE_REHASH:
		if (value < 0)
			*kept = net_of(sk)->core.sysctl_txrehash;
		return is_within(row, value) ? 0 : -EINVAL;
	case SOCKOPT_VALUE_TCLASS:
		*kept = value < 0 ? 0 : value & ~INET_ECN_MASK;
		return is_within(row, value) ? 0 : -EINVAL;
	case SOCKOPT_VALUE_HOPS:
		return value == -1 || is_within(row, value) ? 0 : -EINVAL;
	case SOCKOPT_VALUE_PORTS:
		return value & 0xffff && (__u32)value >> 16 && (value & 0xffff) > (__u32)value >> 16
			       ? -EINVAL
			       : 0;
	default:
		return 0;
	}
}

static __always_inline bool needs_a_byte(enum sockopt_value value)
{
	return value == SOCKOPT_VALUE_HOPS || value == SOCKOPT_VALUE_FULL_FLAG ||
	       value == SOCKOPT_VALUE_FULL_RANGE;
}

/*
 * Copies the value from what the kernel has copied from the program, at least 16 bytes: another
 * thread that rewrites the program's buffer cannot change it any more. Returns 0, or TCP's error
 * for that size.
 */
static __always_inline int read_value(const struct bpf_sockopt *ctx, const struct bridge_row *row,
				      int *value)
{
	const __u8 *optval = ctx->optval, *end = ctx->optval_end;

	if (optval + INT_SIZE > end)
		return -EINVAL;
	if (ctx->optlen >= INT_SIZE) {
		*value = *(const __s32 *)optval;
		return row->value == SOCKOPT_VALUE_PORTS && ctx->optlen != INT_SIZE ? -EINVAL : 0;
	}
	*value = 0;
	if (row->value == SOCKOPT_VALUE_SHORT_FLAG)
		return 0;
	/* do_ip_setsockopt() also accepts a byte, and nothing as 0. */
	if (row->level != SOCKOPT_LEVEL_IP || row->value == SOCKOPT_VALUE_PORTS)
		return -EINVAL;
	if (ctx->optlen)
		*value = *optval;
	else if (needs_a_byte(row->value))
		return -EINVAL;
	return 0;
}

/* sk_setsockopt() reads a rate of 8 bytes, or one of 4 bytes whose largest is no limit. */
static __always_inline void keep_rate(const struct bpf_sockopt *ctx, struct bridge_state *state,
				      __u32 value)
{
	const __u8 *optval = ctx->optval, *end = ctx->optval_end;

	state->rate = value == ~0U ? ~0ULL : value;
	if (ctx->optlen >= (int)sizeof(state->rate) && optval + sizeof(state->rate) <= end)
		state->rate = *(const __u64 *)optval;
}

static __always_inline int keep(const struct bpf_sockopt *ctx, struct bridge_state *state,
				const struct bridge_row *row, int value)
{
	__u32 slot = row->slot;

	if (slot >= SLOTS)
		return -EINVAL;
	if (row->value == SOCKOPT_VALUE_RATE)
		keep_rate(ctx, state, value);
	if (row->value == SOCKOPT_VALUE_RETRIES)
		state->retries_of = (__u64)ctx->sk;
	state->values[slot] = value;
	state->set[slot / 64] |= 1ULL << (slot % 64);
	if (row->class == SOCKOPT_APPLIED)
		state->changes++;
	return 0;
}

/* After a fallback the kernel keeps the value: the subflow is what getsockopt() reads then. */
static __always_inline void forget(struct bridge_state *state, const struct bridge_row *row)
{
	__u32 slot = row->slot;

	if (state && slot < SLOTS)
		state->set[slot / 64] &= ~(1ULL << (slot % 64));
}

/* Once until the enforcer has read the iterator, however often options change. */
static __always_inline void report_change(__u32 verdict)
{
	struct enforcer *enforcer = enforcer_at(place_of(verdict));
	__u32 place = place_of(verdict);
	struct force_cgroup_event *event;

	if (!enforcer || __sync_lock_test_and_set(&enforcer->changes_reported, 1))
		return;
	event = reserve_event(place);
	if (!event) {
		__sync_lock_test_and_set(&enforcer->changes_reported, 0);
		return;
	}
	__builtin_memset(event, 0, sizeof(*event));
	event->type = FORCE_OPTIONS_CHANGED;
	bpf_ringbuf_submit(event, 0);
}

static __always_inline bool is_refused(const struct bridge_row *row, int value)
{
	return row->value == SOCKOPT_VALUE_HOPS && SOCKOPT_LIMITS_REACH(value);
}

static __always_inline int keep_value(struct bpf_sockopt *ctx, __u32 verdict,
				      const struct bridge_row *row, struct bpf_sock *sk, int value)
{
	struct bridge_state *state;

	if (row->value != SOCKOPT_VALUE_FORGOTTEN) {
		state = bpf_sk_storage_get(&bridge_states, sk, NULL,
					   BPF_LOCAL_STORAGE_GET_F_CREATE);
		/* As setsockopt() does when the socket has too many options (sock_kmalloc()). */
		if (!state)
			return fail(-ENOBUFS);
		keep(ctx, state, row, value);
		if (row->class == SOCKOPT_APPLIED && sk->state != TCP_CLOSE)
			report_change(verdict);
	}
	ctx->optlen = -1;
	return PASS;
}

static __always_inline int bridge_value(struct bpf_sockopt *ctx, __u32 verdict, __u32 place,
					const struct bridge_row *row, struct bpf_sock *sk)
{
	int value, kept, err;

	err = read_value(ctx, row, &value);
	if (!err)
		err = check_value(row, sk, value, &kept);
	if (err)
		return fail(err);
	if (is_refused(row, value)) {
		note_refusal(verdict, place);
		return PASS;
	}
	return keep_value(ctx, verdict, row, sk, kept);
}

/* The kernel's own handler keeps the value, but accepts what TCP does not. */
static __always_inline int check_only(struct bpf_sockopt *ctx, const struct bridge_row *row)
{
	int value, err = read_value(ctx, row, &value);

	if (!err && !is_within(row, value))
		err = -EINVAL;
	return err ? fail(err) : PASS;
}

/* sock_set_timestamping() and mptcp_setsockopt_sol_socket_timestamping() in the kernel. */
static __always_inline int check_timestamping(struct bpf_sockopt *ctx, const struct bridge_row *row,
					      const struct bpf_sock *sk)
{
	int value, err = read_value(ctx, row, &value);

	if (!err && value & SOCKOPT_ID_OF_STREAM && !is_connected(sk))
		err = -EINVAL;
	if (err)
		return fail(err);
	/* TCP ignores what follows the flags. */
	if (ctx->optlen != 2 * INT_SIZE)
		ctx->optlen = INT_SIZE;
	return PASS;
}

/* What TCP refuses on this kernel, and MPTCP ignores. */
static __always_inline int refuse_as_tcp(struct bpf_sockopt *ctx, const struct bridge_row *row)
{
	int value, err = read_value(ctx, row, &value);

	return fail(err ? err : -EOPNOTSUPP);
}

static __noinline int bridge_option(struct bpf_sockopt *ctx, __u32 place, __u32 verdict)
{
	struct bpf_sock *sk = ctx->sk;
	const struct bridge_row *row;
	struct bridge_state *state;

	if (place >= SOCKOPT_ROWS || !sk || verdict == NOT_INCLUDED)
		return PASS;
	row = &bridge_rows[place];
	state = bpf_sk_storage_get(&bridge_states, sk, NULL, 0);
	if (state && state->asked)
		return PASS;
	if (row->kernel == SOCKOPT_KERNEL_BEFORE_SCM_CHECK && !kernel_differs(row->kernel))
		return refuse_as_tcp(ctx, row);
	if (kernel_handles(row, sk)) {
		forget(state, row);
		return PASS;
	}
	switch (row->value) {
	case SOCKOPT_VALUE_DENIED:
		note_refusal(verdict, place);
		return fail(-EOPNOTSUPP);
	case SOCKOPT_VALUE_NOTHING:
		note_refusal(verdict, place);
		return PASS;
	case SOCKOPT_VALUE_UNSETTABLE:
	case SOCKOPT_VALUE_PROTOCOL:
		return PASS;
	case SOCKOPT_VALUE_CHECKED:
		return check_only(ctx, row);
	case SOCKOPT_VALUE_TIMESTAMPING:
		return check_timestamping(ctx, row, sk);
	default:
		return bridge_value(ctx, verdict, place, row, sk);
	}
}

/* As do_ip_setsockopt() does. */
static __noinline int refuse_level(struct bpf_sockopt *ctx, __u32 verdict)
{
	return ctx->sk && is_ours(ctx->sk, verdict) ? fail(-ENOPROTOOPT) : PASS;
}

SEC("cgroup/setsockopt")
int set_option(struct bpf_sockopt *ctx)
{
	__u32 place;

	/* Negative: another program has answered. */
	if (!ctx->sk || ctx->sk->protocol != IPPROTO_MPTCP || ctx->optlen < 0)
		return PASS;
	if (is_level_of_other_family(ctx))
		return refuse_level(ctx, verdict_to_mptcp());
	place = row_of_option(ctx->level, ctx->optname);
	return place < SOCKOPT_ROWS ? bridge_option(ctx, place, verdict_to_mptcp()) : PASS;
}
