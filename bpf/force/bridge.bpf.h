/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The option bridge: socket options that work on TCP sockets and not on MPTCP sockets, for the
 * sockets that this tool upgraded. This header has what its programs share: the rows of the
 * decision table, and what is kept for a socket.
 */
#ifndef BRIDGE_BPF_H
#define BRIDGE_BPF_H

#include "common/cast.h"
#include "common/kernel.h"
#include "common/sockopt_table.h"
#include "force.h"
#include "opted_out.bpf.h"
#include "scope.bpf.h"

/* Where the value of an option is kept: only what is applied or remembered has a slot. */
#define SLOT_OF_APPLIED(name)	 SLOT_##name,
#define SLOT_OF_REMEMBERED(name) SLOT_##name,
#define SLOT_OF_REFUSED(name)
#define SLOT(level, name, number, class, ...) SLOT_OF_##class(name)
enum slot {
	SOCKOPTS(SLOT) SLOTS
};
#undef SLOT

#define SLOT_WORDS ((SLOTS + 63) / 64)

/*
 * What is kept for an MPTCP socket from its first bridged setsockopt() on. Accepted sockets get a
 * copy. The kernel holds the socket's lock while setsockopt() and getsockopt() programs run, so
 * that one thread at a time changes it; subflows read it.
 */
struct bridge_state {
	__u64 set[SLOT_WORDS]; /* a bit for each slot that has a value */
	__u64 rate;	       /* SOCKOPT_VALUE_RATE */
	__u64 retries_of;      /* SOCKOPT_VALUE_RETRIES: the address of the socket, not of a copy */
	__u32 changes;	       /* how often an applied option was set */
	__u32 asked;	       /* the program asked for MPTCP: nothing is bridged */
	__s32 values[SLOTS];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct bridge_state);
} bridge_states SEC(".maps");

struct bridge_row {
	__u8 class;  /* enum sockopt_class */
	__u8 kernel; /* enum sockopt_kernel */
	__u8 when;   /* enum sockopt_when */
	__u8 value;  /* enum sockopt_value */
	__u8 unset;  /* enum sockopt_unset */
	__u8 level;  /* enum sockopt_level */
	__u8 slot;   /* SLOTS: none */
	__u8 reserved;
	__s32 min, max;
};

#define INT_MAX __INT_MAX__
#define INT_MIN (-__INT_MAX__ - 1)

#define ROW_SLOT_APPLIED(name)	  SLOT_##name
#define ROW_SLOT_REMEMBERED(name) SLOT_##name
#define ROW_SLOT_REFUSED(name)	  SLOTS
#define ROW(at, name, number, cls, krn, whn, val, least, most, uns, reason)                        \
	[SOCKOPT_ROW_##name] = {                                                                   \
		.class = SOCKOPT_##cls,                                                            \
		.kernel = SOCKOPT_KERNEL_##krn,                                                    \
		.when = SOCKOPT_WHEN_##whn,                                                        \
		.value = SOCKOPT_VALUE_##val,                                                      \
		.unset = SOCKOPT_##uns,                                                            \
		.level = SOCKOPT_LEVEL_##at,                                                       \
		.slot = ROW_SLOT_##cls(name),                                                      \
		.min = (least),                                                                    \
		.max = (most),                                                                     \
	},
static const struct bridge_row bridge_rows[SOCKOPT_ROWS] = { SOCKOPTS(ROW) };
#undef ROW

#define CASE(level, name, number, ...)                                                             \
	case number:                                                                               \
		return SOCKOPT_ROW_##name;

/*
 * The row of an option, or SOCKOPT_ROWS. Not static: the verifier checks it by itself, and its callers for
 * any row at once instead of for each.
 */
__noinline __u32 row_of_option(__u32 level, __u32 number)
{
	switch (level) {
	case SOCKOPT_LEVEL_TCP:
		switch (number) {
			SOCKOPTS_TCP(CASE)
		}
		break;
	case SOCKOPT_LEVEL_SOCKET:
		switch (number) {
			SOCKOPTS_SOCKET(CASE)
		}
		break;
	case SOCKOPT_LEVEL_IP:
		switch (number) {
			SOCKOPTS_IP(CASE)
		}
		break;
	case SOCKOPT_LEVEL_IPV6:
		switch (number) {
			SOCKOPTS_IPV6(CASE)
		}
		break;
	}
	return SOCKOPT_ROWS;
}
#undef CASE

/* Members and values that only some kernels have: see enum sockopt_kernel. */
struct mptcp_sock___maxseg {
	int maxseg;
} __attribute__((preserve_access_index));

struct inet_connection_sock___rto_max {
	__u32 icsk_rto_max;
} __attribute__((preserve_access_index));

struct sock___scm {
	__u8 sk_scm_credentials : 1;
} __attribute__((preserve_access_index));

enum sock_flags___rcvpriority {
	SOCK_RCVPRIORITY___rcvpriority,
};

static __always_inline bool kernel_differs(enum sockopt_kernel kernel)
{
	switch (kernel) {
	case SOCKOPT_KERNEL_BEFORE_MAXSEG:
		return !bpf_core_field_exists(struct mptcp_sock___maxseg, maxseg);
	case SOCKOPT_KERNEL_BEFORE_SCM_CHECK:
		return !bpf_core_field_exists(struct sock___scm, sk_scm_credentials);
	case SOCKOPT_KERNEL_RCVPRIORITY:
		return bpf_core_enum_value_exists(enum sock_flags___rcvpriority,
						  SOCK_RCVPRIORITY___rcvpriority);
	case SOCKOPT_KERNEL_RTO_MAX:
		return bpf_core_field_exists(struct inet_connection_sock___rto_max, icsk_rto_max);
	default:
		return true;
	}
}

static __always_inline const struct net *net_of(const struct bpf_sock *sk)
{
	return CAST(struct sock, sk)->__sk_common.skc_net.net;
}

/* __mptcp_check_fallback(). The number of the bit is that of Linux 6.10 and later. */
#define MPTCP_FALLBACK_DONE 2

static __always_inline bool fell_back(const struct bpf_sock *sk)
{
	return CAST(struct mptcp_sock, sk)->flags >> MPTCP_FALLBACK_DONE & 1;
}

/* The states in which MPTCP still passes options on to its first subflow (__mptcp_nmpc_sk()). */
static __always_inline bool is_connected(const struct bpf_sock *sk)
{
	return sk->state != TCP_CLOSE && sk->state != TCP_LISTEN;
}

/* Whether the kernel itself does as for a TCP socket. */
static __always_inline bool kernel_handles(const struct bridge_row *row, const struct bpf_sock *sk)
{
	switch (row->when) {
	case SOCKOPT_WHEN_WHILE_MPTCP:
		if (fell_back(sk))
			return true;
		break;
	case SOCKOPT_WHEN_CONNECTED:
		if (!is_connected(sk))
			return true;
		break;
	}
	return !kernel_differs(row->kernel);
}

/*
 * The verdict on the calling task, or NOT_INCLUDED if its sockets are not to become MPTCP. Programs call this
 * themselves and pass the verdict on, because it takes much of the stack.
 */
static __always_inline __u32 verdict_to_mptcp(void)
{
	__u64 id = cgroup_id_of(UNTRUSTED(struct task_struct, bpf_get_current_task_btf()));
	__u64 word = read_recent(id);
	__u32 verdict;

	if (known_outside(id, word))
		return NOT_INCLUDED;
	verdict = verdict_of_caller(id, word);
	return is_of_kind(verdict, TO_MPTCP) ? verdict : NOT_INCLUDED;
}

static __always_inline bool has_option(__u32 verdict, enum force_option option)
{
	const struct enforcer *enforcer = enforcer_at(place_of(verdict));

	return enforcer && enforcer->options & option;
}

/* The bridge does not help with the option in that row of the table: the kernel's error stands. */
static __always_inline void note_refusal(__u32 verdict, __u32 place)
{
	if (has_option(verdict, FORCE_OPTION_OPT_OUT))
		opt_out(bpf_get_current_task_btf(), verdict, place);
}

/* Whether this tool made it an MPTCP socket. */
static __always_inline bool is_ours(struct bpf_sock *sk, __u32 verdict)
{
	const struct bridge_state *state;

	if (verdict == NOT_INCLUDED)
		return false;
	state = bpf_sk_storage_get(&bridge_states, sk, NULL, 0);
	return !state || !state->asked;
}

/* Options of IPv6 on an IPv4 socket: TCP knows none, MPTCP some. */
static __always_inline bool is_level_of_other_family(const struct bpf_sockopt *ctx)
{
	return ctx->level == SOCKOPT_LEVEL_IPV6 && ctx->sk->family == AF_INET;
}

static __always_inline bool is_set(const struct bridge_state *state, __u32 slot)
{
	return slot < SLOTS && state->set[slot / 64] >> (slot % 64) & 1;
}

/* HZ of this kernel. Set before load. */
const volatile __u32 jiffies_per_s = 250;

/* Bytes of an option of type int. */
#define INT_SIZE 4

#endif /* BRIDGE_BPF_H */
