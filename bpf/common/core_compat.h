/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels: CO-RE flavours, which libbpf matches without their ___suffix, and
 * kernel functions for BPF programs; each with the kernel commit that made the difference.
 */
#ifndef CORE_COMPAT_H
#define CORE_COMPAT_H

#include "common/cast.h"

/* Why __mptcp_try_fallback() was called (Linux 6.17, commit c65c2e3bae69 "mptcp: track fallbacks
 * accurately via mibs"); what a kernel lacks does not exist in its BTF. */
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

/* Whether mib is the one of that name; never, where the kernel does not have it. */
#define is_fallback_mib(mib, name)                                                                 \
	(bpf_core_enum_value_exists(enum linux_mptcp_mib_field___fallback, name##___fallback) &&   \
	 (mib) == (int)bpf_core_enum_value(enum linux_mptcp_mib_field___fallback,                  \
					   name##___fallback))

/* The one member that is of use. Since Linux 6.18 it has two names. */
struct dst_entry___device {
	struct net_device *dev;
} __attribute__((preserve_access_index));

/* It exists: set before load. */
const volatile bool can_cast;

/* A member of any object of the kernel's; a bit field with READ_BITS(). */
#define READ(type, object, member)                                                                 \
	(can_cast ? CAST(type, object)->member : BPF_CORE_READ((const type *)(object), member))
#define READ_BITS(type, object, member)                                                            \
	(can_cast ? BPF_CORE_READ_BITFIELD(CAST(type, object), member)                             \
		  : BPF_CORE_READ_BITFIELD_PROBED((const type *)(object), member))

/*
 * What tells a subflow from all others of its connection: its socket's address is soon that of another.
 * Before the kernel counted them (Linux 6.5, commit 6f06b4d4d1cc "mptcp: add subflow unique id") it is the
 * first sequence number, which a clock advances, and the ports. Never 0.
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
