/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels: CO-RE flavors, whose ___suffix libbpf ignores when it matches names,
 * and kernel functions for BPF programs. Each names the kernel commit that made the difference.
 */
#ifndef CORE_COMPAT_H
#define CORE_COMPAT_H

#include "common/cast.h"

/*
 * Why __mptcp_try_fallback() was called (Linux 6.17, commit c65c2e3bae69 "mptcp: track fallbacks
 * accurately via mibs"). Values that a kernel lacks are missing in its BTF.
 */
enum linux_mptcp_mib_field___fallback {
	MPTCP_MIB_MPCAPABLEACTIVEFALLBACK___fallback,
	MPTCP_MIB_MPCAPABLEDATAFALLBACK___fallback,
	MPTCP_MIB_MPCAPABLEACTIVEDROP___fallback,
	MPTCP_MIB_MPCAPABLEACTIVEDISABLED___fallback,
	MPTCP_MIB_MD5SIGFALLBACK___fallback,
	MPTCP_MIB_TOKENFALLBACKINIT___fallback,
	MPTCP_MIB_INFINITEMAPTX___fallback,
	MPTCP_MIB_DSSCORRUPTIONFALLBACK___fallback,
	MPTCP_MIB_DSSFALLBACK___fallback,
};

/* Whether mib has that name; false if the kernel has no such value. */
#define is_fallback_mib(mib, name)                                                                 \
	(bpf_core_enum_value_exists(enum linux_mptcp_mib_field___fallback, name##___fallback) &&   \
	 (mib) == (int)bpf_core_enum_value(enum linux_mptcp_mib_field___fallback,                  \
					   name##___fallback))

/* Only the member that is used. It has had two names since Linux 6.18. */
struct dst_entry___device {
	struct net_device *dev;
} __attribute__((preserve_access_index));

/* The kernel has bpf_rdonly_cast(). Set before load. */
const volatile bool can_cast;

/* Reads a member of any kernel object; READ_BITS() reads a bit field. */
#define READ(type, object, member)                                                                 \
	(can_cast ? CAST(type, object)->member : BPF_CORE_READ((const type *)(object), member))
#define READ_BITS(type, object, member)                                                            \
	(can_cast ? BPF_CORE_READ_BITFIELD(CAST(type, object), member)                             \
		  : BPF_CORE_READ_BITFIELD_PROBED((const type *)(object), member))

/*
 * Identifies a subflow within its connection; the address of its socket may soon belong to another
 * one. Kernels before 6.5 do not number subflows (commit 6f06b4d4d1cc "mptcp: add subflow unique
 * id"): there the id is the first sequence number, which a clock advances, and the ports. Never 0.
 */
static __always_inline __u64 subflow_id(const struct sock *ssk)
{
	const struct mptcp_subflow_context *context;
	const struct tcp_sock *tcp = (const struct tcp_sock *)ssk;
	__u32 first_seq;

	context = READ(struct inet_connection_sock, ssk, icsk_ulp_data);
	if (bpf_core_field_exists(context->subflow_id))
		return context ? READ(struct mptcp_subflow_context, context, subflow_id) : 0;
	first_seq = READ(struct tcp_sock, tcp, snd_una) - READ(struct tcp_sock, tcp, bytes_acked);
	return (__u64)first_seq << 32 | (__u32)READ(struct inet_sock, ssk, inet_sport) << 16 |
	       READ(struct sock, ssk, __sk_common.skc_dport);
}

#endif /* CORE_COMPAT_H */
