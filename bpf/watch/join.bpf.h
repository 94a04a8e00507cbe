/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MP_JOINs that fail. Ours end as a subflow that is closed before it was established, which shows
 * what the SYN+ACK lacked. The peer's are refused at the SYN or at the third ACK, or because
 * nothing listens on the port.
 */
#ifndef JOIN_BPF_H
#define JOIN_BPF_H

#include "record.bpf.h"
#include "subflows.bpf.h"

static __always_inline enum watch_join reason_of_error(__u32 error)
{
	switch (error) {
	case ETIMEDOUT:
		return WATCH_JOIN_TIMEOUT;
	case ECONNREFUSED:
		return WATCH_JOIN_REFUSED;
	case ENETUNREACH:
	case EHOSTUNREACH:
		return WATCH_JOIN_UNREACHABLE;
	default:
		return WATCH_JOIN_UNKNOWN;
	}
}

/*
 * If the SYN+ACK has arrived, it is the cause: the kernel stores the peer's HMAC if it contains an
 * MP_JOIN, and then checks it (subflow_finish_connect()).
 */
static __always_inline enum watch_join reason_of_end(const struct mptcp_subflow_context *context,
						     __u32 error)
{
	if (!READ_BITS(struct mptcp_subflow_context, context, conn_finished))
		return reason_of_error(error);
	return READ(struct mptcp_subflow_context, context, thmac) ? WATCH_JOIN_HMAC
								  : WATCH_JOIN_NO_MP_JOIN;
}

/* One of our subflows is closed. Reports it if the join had not completed. */
static __always_inline void emit_failed_join(const struct mptcp_sock *msk,
					     const struct connection *connection,
					     const struct sock *ssk)
{
	const struct mptcp_subflow_context *context = context_of(ssk);
	struct watch_record *record;
	__u32 error;

	if (!unfinished_join(context))
		return;
	record = reserve_event(WATCH_JOIN_FAILED, msk, connection);
	if (!record)
		return;
	error = READ(struct sock, ssk, sk_err);
	fill_subflow(&record->subflow, ssk);
	record->join_failed.error = error;
	record->join_failed.reason = reason_of_end(context, error);
	submit_record(record);
}

/* The connection of a listening subflow socket, which owns whatever arrives there. */
static __always_inline const struct connection *listener_of(const struct sock *listener)
{
	const struct mptcp_sock *msk = msk_of(listener);

	return msk ? connection_of(msk) : NULL;
}

#endif /* JOIN_BPF_H */
