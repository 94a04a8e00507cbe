// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own events of connections and subflows: mptcp_event() is called whether or not
 * anything listens on netlink.
 */

#include "connection.bpf.h"
#include "join.bpf.h"
#include "listeners.bpf.h"
#include "progress.bpf.h"
#include "record.bpf.h"
#include "spare.bpf.h"
#include "stale.bpf.h"
#include "tokens.bpf.h"
#include "untracked.bpf.h"

/* Returns the time of the event. */
static __always_inline __u64 emit_connection(enum watch_event event, const struct mptcp_sock *msk,
					     const struct connection *connection)
{
	struct watch_record *record = reserve_event(event, msk, connection);
	__u64 mono_ns;

	if (!record)
		return bpf_ktime_get_ns();
	mono_ns = record->mono_ns;
	record->subflow = connection->addresses;
	submit_record(record);
	return mono_ns;
}

/*
 * Some kernels, such as 6.1, do not keep the error of a subflow that was reset: the state of its
 * socket shows who closed it.
 */
static __always_inline enum watch_closed_by closed_without_error(const struct sock *ssk,
								 bool reset_here)
{
	__u8 state = READ(struct sock, ssk, __sk_common.skc_state);

	if (state == TCP_CLOSE_WAIT)
		return WATCH_BY_PEER;
	if (state != TCP_CLOSE || reset_here)
		return WATCH_BY_LOCAL;
	return BPF_CORE_READ((const struct inet_connection_sock *)ssk, icsk_retransmits)
		       ? WATCH_BY_TIMEOUT
		       : WATCH_BY_PEER;
}

static __always_inline enum watch_closed_by closed_by(const struct sock *ssk, __u32 error,
						      bool reset_here)
{
	switch (error) {
	case 0:
		return closed_without_error(ssk, reset_here);
	case ECONNRESET:
	case ECONNREFUSED:
	case EPIPE:
		return WATCH_BY_PEER;
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case ENETUNREACH:
		return WATCH_BY_TIMEOUT;
	default: /* the peer sent something invalid */
		return WATCH_BY_LOCAL;
	}
}

static __noinline int emit_sub_closed(const struct mptcp_sock *msk,
				      const struct connection *connection, const struct sock *ssk)
{
	const struct mptcp_subflow_context *context = context_of(ssk);
	struct watch_record *record = reserve_event(WATCH_SUB_CLOSED, msk, connection);
	__u32 error, reason;
	bool reset_seen;

	if (!record)
		return 0;
	fill_subflow(&record->subflow, ssk);
	error = READ(struct sock, ssk, sk_err);
	reason = READ_BITS(struct mptcp_subflow_context, context, reset_reason);
	reset_seen = READ_BITS(struct mptcp_subflow_context, context, reset_seen);
	record->sub_closed.error = error;
	record->sub_closed.closed_by = reset_seen ? WATCH_BY_PEER : closed_by(ssk, error, reason);
	if (reset_seen) {
		record->flags |= WATCH_RESET_SEEN;
		record->sub_closed.reset_reason = reason;
		record->sub_closed.reset_flags = READ_BITS(struct mptcp_subflow_context, context,
							   reset_transient);
	}
	submit_record(record);
	return 0;
}

static __always_inline void subflow_joined(struct connection *connection)
{
	__u32 subflows = __sync_fetch_and_add(&connection->subflows, 1) + 1, most;
	int i;

	/* Another processor may raise it concurrently. */
	for (i = 0; i < 4; i++) {
		most = *(volatile __u32 *)&connection->subflows_max;
		if (subflows <= most ||
		    __sync_val_compare_and_swap(&connection->subflows_max, most, subflows) == most)
			break;
	}
}

static __always_inline void subflow_left(const struct mptcp_sock *msk,
					 struct connection *connection, const struct sock *ssk)
{
	struct path_state *paths;

	if (!unfinished_join(context_of(ssk)) && connection->subflows)
		__sync_fetch_and_sub(&connection->subflows, 1);
	paths = path_state_of(msk);
	if (paths)
		forget_stale(paths, ssk);
}

static __always_inline void connection_created(const struct mptcp_sock *msk, struct sock *first,
					       struct connection *connection)
{
	const struct sock *sk = (const struct sock *)msk;
	const struct tcp_sock *tcp = bpf_skc_to_tcp_sock(first);

	connection->token = msk->token;
	connection->netns = netns_of(sk);
	if (!counts_bytes(msk)) {
		connection->first_write_seq = msk->write_seq;
		connection->first_ack_seq = msk->ack_seq;
	}
	connection->server_side = msk->pm.server_side;
	if (tcp)
		load_addresses(&connection->addresses, (const struct inet_sock *)tcp);
	begin_connection(connection, sk->__sk_common.skc_num);
	count_connection(connection);
	remember_token(msk, connection->token);
}

static __always_inline void handle_created(const struct mptcp_sock *msk, struct sock *ssk,
					   struct connection *connection)
{
	connection_created(msk, ssk, connection);
	connection->created_ns = emit_connection(WATCH_CREATED, msk, connection);
}

static __always_inline void handle_established(const struct mptcp_sock *msk, struct sock *ssk,
					       struct connection *connection)
{
	/* The kernel skipped all programs at its creation, after its owner had been noted. */
	if (connection->owned && !connection->reported)
		handle_created(msk, ssk, connection);
	connection->established = true;
	emit_connection(WATCH_ESTABLISHED, msk, connection);
}

static __always_inline void dispatch_event(enum mptcp_event_type type, const struct mptcp_sock *msk,
					   struct sock *ssk, struct connection *connection)
{
	switch (type) {
	case MPTCP_EVENT_CREATED:
		/* Connections that are filtered out take no space. */
		if (ports_filtered_out(msk))
			forget_connection(msk);
		else
			handle_created(msk, ssk, connection);
		break;
	case MPTCP_EVENT_ESTABLISHED:
		handle_established(msk, ssk, connection);
		break;
	case MPTCP_EVENT_SUB_ESTABLISHED:
		subflow_joined(connection);
		emit_subflow(WATCH_SUB_ESTABLISHED, msk, connection, ssk);
		break;
	case MPTCP_EVENT_SUB_CLOSED:
		/* Some kernels send this event repeatedly for a disconnected subflow. */
		if (is_disconnected(ssk))
			break;
		emit_failed_join(msk, connection, ssk);
		subflow_left(msk, connection, ssk);
		emit_sub_closed(msk, connection, ssk);
		break;
	case MPTCP_EVENT_SUB_PRIORITY:
		emit_subflow(WATCH_SUB_PRIORITY, msk, connection, ssk);
		break;
	case MPTCP_EVENT_CLOSED:
		/* This is close(): data may still be in flight. See end_connection(). */
		connection->closing = true;
		uncount_connection(connection);
		break;
	default:
		break;
	}
}

/* The event that would have been reported if the table were not full. */
static __always_inline enum watch_event watch_event_of(enum mptcp_event_type type)
{
	switch (type) {
	case MPTCP_EVENT_CREATED:
		return WATCH_CREATED;
	case MPTCP_EVENT_ESTABLISHED:
		return WATCH_ESTABLISHED;
	case MPTCP_EVENT_SUB_ESTABLISHED:
		return WATCH_SUB_ESTABLISHED;
	case MPTCP_EVENT_SUB_CLOSED:
		return WATCH_SUB_CLOSED;
	case MPTCP_EVENT_SUB_PRIORITY:
		return WATCH_SUB_PRIORITY;
	default:
		return WATCH_EVENTS;
	}
}

static __always_inline bool begins_subflow(enum mptcp_event_type type)
{
	return type == MPTCP_EVENT_CREATED || type == MPTCP_EVENT_ESTABLISHED ||
	       type == MPTCP_EVENT_SUB_ESTABLISHED;
}

/* Counts the events of a socket that is not in the table. */
static __always_inline void count_lost_events(enum mptcp_event_type type, struct mptcp_sock *msk,
					      struct sock *ssk)
{
	if (type == MPTCP_EVENT_SUB_CLOSED) {
		if (is_disconnected(ssk))
			return;
		if (unfinished_join(context_of(ssk)))
			count_lost_event(WATCH_JOIN_FAILED, msk);
	}
	count_lost_event(watch_event_of(type), msk);
	if (filters_owners() && begins_subflow(type))
		mark_subflow(ssk, msk);
}

/* Whether another program has handled the event, as the state of the connection shows. */
static __always_inline bool already_handled(const struct connection *connection,
					    enum mptcp_event_type type,
					    const struct mptcp_sock *msk)
{
	switch (type) {
	case MPTCP_EVENT_CREATED:
		return connection->reported && connection->token == msk->token;
	case MPTCP_EVENT_ESTABLISHED:
		return connection->established;
	case MPTCP_EVENT_CLOSED:
		return connection->closing;
	default:
		return false;
	}
}

/*
 * Whether every handled event of this type leaves a trace in the state. For the others, see
 * spare.bpf.h.
 */
static __always_inline bool leaves_state(enum mptcp_event_type type)
{
	return type == MPTCP_EVENT_CREATED || type == MPTCP_EVENT_ESTABLISHED ||
	       type == MPTCP_EVENT_CLOSED;
}

static __always_inline bool claim_event(void *ctx, enum spare program, enum mptcp_event_type type,
					const struct mptcp_sock *msk, const struct sock *ssk,
					const struct connection *connection)
{
	if (!connection || !leaves_state(type))
		return claim_call(ctx, program, SPARED_EVENT, ssk ? (const void *)ssk : msk, type);
	if (already_handled(connection, type, msk))
		return false;
	count_taken_over(program, SPARED_EVENT);
	return true;
}

static __always_inline void handle_event(void *ctx, enum spare program, enum mptcp_event_type type,
					 struct mptcp_sock *msk, struct sock *ssk)
{
	struct connection *connection;

	connection = type == MPTCP_EVENT_CLOSED ? connection_of(msk) : make_connection(msk);
	if (!connection && (type == MPTCP_EVENT_CLOSED || !table_overflowed))
		return;
	if (!claim_event(ctx, program, type, msk, ssk, connection))
		return;
	if (connection)
		dispatch_event(type, msk, ssk, connection);
	else
		count_lost_events(type, msk, ssk);
}

SEC("?fentry/mptcp_event")
int BPF_PROG(event_third, enum mptcp_event_type type, struct mptcp_sock *msk, struct sock *ssk)
{
	handle_event(ctx, THIRD, type, msk, ssk);
	return 0;
}

SEC("?fentry/mptcp_event")
int BPF_PROG(event_second, enum mptcp_event_type type, struct mptcp_sock *msk, struct sock *ssk)
{
	handle_event(ctx, SECOND, type, msk, ssk);
	return 0;
}

SEC("?fentry/mptcp_event")
int BPF_PROG(event, enum mptcp_event_type type, struct mptcp_sock *msk, struct sock *ssk)
{
	handle_event(ctx, FIRST, type, msk, ssk);
	return 0;
}
