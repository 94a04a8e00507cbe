// SPDX-License-Identifier: GPL-2.0-only
/* Functions that see a fallback when it happens: see fallback.bpf.h. */

#include "common/core_compat.h"
#include "fallback.bpf.h"
#include "record.bpf.h"

static __always_inline enum watch_fallback reason_of_mib(const struct mptcp_sock *msk, int mib)
{
	if (is_fallback_mib(mib, MPTCP_MIB_MPCAPABLEACTIVEFALLBACK))
		return WATCH_FALLBACK_NO_MP_CAPABLE;
	if (is_fallback_mib(mib, MPTCP_MIB_MPCAPABLEDATAFALLBACK))
		return WATCH_FALLBACK_OPTIONS_STRIPPED;
	if (is_fallback_mib(mib, MPTCP_MIB_MPCAPABLEACTIVEDROP) ||
	    is_fallback_mib(mib, MPTCP_MIB_MPCAPABLEACTIVEDISABLED))
		return WATCH_FALLBACK_BLACKHOLE;
	if (is_fallback_mib(mib, MPTCP_MIB_MD5SIGFALLBACK) ||
	    is_fallback_mib(mib, MPTCP_MIB_TOKENFALLBACKINIT))
		return WATCH_FALLBACK_SETUP;
	if (is_fallback_mib(mib, MPTCP_MIB_INFINITEMAPTX))
		return WATCH_FALLBACK_CHECKSUM;
	if (is_fallback_mib(mib, MPTCP_MIB_DSSCORRUPTIONFALLBACK) ||
	    is_fallback_mib(mib, MPTCP_MIB_DSSFALLBACK))
		return reason_without_mapping(msk);
	return WATCH_FALLBACK_UNKNOWN;
}

SEC("?fexit/__mptcp_try_fallback")
int BPF_PROG(try_fallback, struct mptcp_sock *msk, int mib, bool done)
{
	if (done)
		emit_fallback(msk, reason_of_mib(msk, mib), 0);
	return 0;
}

/* The timer of an unanswered SYN with MP_CAPABLE: the next SYN is sent without it. */
SEC("?fexit/mptcp_active_detect_blackhole")
int BPF_PROG(syn_timer, struct sock *ssk)
{
	const struct mptcp_sock *msk;

	if (kernel_reports_fallback)
		return 0;
	msk = msk_of(ssk);
	if (msk && is_fallback(msk))
		emit_fallback(msk, WATCH_FALLBACK_BLACKHOLE, 0);
	return 0;
}
