/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels: CO-RE flavours, which libbpf matches without their ___suffix, each
 * with the kernel commit that made the difference.
 */
#ifndef CORE_COMPAT_H
#define CORE_COMPAT_H

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

#endif /* CORE_COMPAT_H */
