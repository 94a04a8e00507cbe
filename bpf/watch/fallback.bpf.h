/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections that fall back to TCP. Since Linux 6.17, a function is called with the reason.
 * Before, it is inlined everywhere: a fallback is detected when the next packet arrives or the
 * SYN's timer fires, and the reason is deduced.
 */
#ifndef FALLBACK_BPF_H
#define FALLBACK_BPF_H

#include "common/core_compat.h"
#include "record.bpf.h"

/* The kernel has __mptcp_try_fallback(), which reports every fallback. Set before load. */
const volatile bool kernel_reports_fallback;

/*
 * Has fallen back, or is about to (MP_FAIL). The bit MPTCP_FALLBACK_DONE has had several numbers;
 * this field changes at the same time (Linux 6.16, backported, commit def5b7b2643e "mptcp: plug
 * races between subflow fail and subflow creation").
 */
static __always_inline bool is_fallback(const struct mptcp_sock *msk)
{
	return bpf_core_field_exists(msk->allow_subflows) &&
	       !READ(struct mptcp_sock, msk, allow_subflows);
}

/* flags is WATCH_INITIAL or 0. */
static __noinline void emit_fallback(const struct mptcp_sock *msk, enum watch_fallback reason,
				     __u32 flags)
{
	struct connection *connection = connection_of(msk);
	struct watch_record *record;

	/* Its last subflow can survive it. */
	if (!connection || connection->fell_back)
		return;
	connection->fell_back = true;
	record = reserve_event(WATCH_FALLBACK, msk, connection);
	if (!record)
		return;
	fill_addresses(&record->subflow, socket_with_addresses(msk));
	record->flags |= flags;
	record->fallback = reason;
	submit_record(record);
}

/* To the kernel, and to the peer, a wrong checksum is an invalid mapping. */
static __always_inline enum watch_fallback reason_without_mapping(const struct mptcp_sock *msk)
{
	return BPF_CORE_READ(msk, csum_enabled) ? WATCH_FALLBACK_CHECKSUM
						: WATCH_FALLBACK_NO_MAPPING;
}

/* Deduces the reason. Without a request, it became TCP before its SYN. */
static __always_inline enum watch_fallback reason_found(const struct mptcp_sock *msk)
{
	const struct sock *first = READ(struct mptcp_sock, msk, first);
	const struct connection *connection = connection_of(msk);
	const struct mptcp_subflow_context *context;

	context = first ? context_of(first) : NULL;
	if (!context)
		return WATCH_FALLBACK_UNKNOWN;
	if (!connection || !connection->reported)
		return READ_BITS(struct mptcp_subflow_context, context, request_mptcp)
			       ? WATCH_FALLBACK_NO_MP_CAPABLE
			       : WATCH_FALLBACK_SETUP;
	if (!READ_BITS(struct mptcp_subflow_context, context, mp_capable))
		return WATCH_FALLBACK_OPTIONS_STRIPPED;
	return reason_without_mapping(msk);
}

/* Called for each acknowledgement of new data, after a fallback for each packet, and at the end. */
static __always_inline void detect_fallback(const struct mptcp_sock *msk)
{
	const struct connection *connection;

	if (kernel_reports_fallback || !is_fallback(msk))
		return;
	connection = connection_of(msk);
	if (connection && !connection->fell_back)
		emit_fallback(msk, reason_found(msk), 0);
}

#endif /* FALLBACK_BPF_H */
