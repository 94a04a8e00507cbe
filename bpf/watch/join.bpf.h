/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MP_JOINs that fail. Ours end as a subflow that is closed before it was established; what the
 * SYN+ACK lacked can be seen in it. Theirs are refused when the SYN, or the third ACK, is looked at,
 * or when nobody listens on the port any more.
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
 * Once the SYN+ACK has come, it is to blame: the kernel notes the peer's HMAC if there is an MP_JOIN
 * in it, and then checks it (subflow_finish_connect()).
 */
static __always_inline enum watch_join reason_of_end(const struct mptcp_subflow_context *context,
						     __u32 error)
{
	if (!READ_BITS(struct mptcp_subflow_context, context, conn_finished))
		return reason_of_error(error);
	return READ(struct mptcp_subflow_context, context, thmac) ? WATCH_JOIN_HMAC
								  : WATCH_JOIN_NO_MP_JOIN;
}

/* A subflow of ours is closed: was it ever one? */
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

/* The connection of a listening subflow socket: the owner of what comes in through it. */
static __always_inline const struct connection *listener_of(const struct sock *listener)
{
	const struct mptcp_sock *msk = msk_of(listener);

	return msk ? connection_of(msk) : NULL;
}

#endif /* JOIN_BPF_H */
