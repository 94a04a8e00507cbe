// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tell what MPTCP does: connections, subflows, failovers. What the kernel's own events tell
 * (mptcp_event(), called whether or not anybody listens on netlink) is here, what they do not tell
 * in the headers, one subject each. User space loads the programs whose functions the kernel has.
 */

#include "common/kernel.h"
#include "watch.h"
#include "connection.bpf.h"
#include "record.bpf.h"
#include "failover.bpf.h"
#include "common/preemption.bpf.h"
#include "spare.bpf.h"
#include "refused_syn.bpf.h"
#include "initial.bpf.h"
#include "listeners.bpf.h"
#include "syscalls.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* Owners: in the context of the process. */

static __always_inline void note_connect(void *ctx, enum spare program, struct sock *sk)
{
	if (take_preempted_call(ctx, program, SPARED_CONNECT, sk))
		store_owner(sk, bpf_get_current_task_btf());
}

SEC("?fentry/mptcp_connect")
int BPF_PROG(connect_third, struct sock *sk)
{
	note_connect(ctx, THIRD, sk);
	return 0;
}

SEC("?fentry/mptcp_connect")
int BPF_PROG(connect_second, struct sock *sk)
{
	note_connect(ctx, SECOND, sk);
	return 0;
}

SEC("?fentry/mptcp_connect")
int BPF_PROG(connect, struct sock *sk)
{
	note_connect(ctx, NO_SPARE, sk);
	return 0;
}

/*
 * What failed at once may be held for long, and many of it: nothing is to be remembered. By now the ports
 * are known, too.
 */
SEC("?fexit/mptcp_connect")
int BPF_PROG(connect_ended, struct sock *sk)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	const struct connection *connection;
	__u64 result = 0;

	if (bpf_get_func_ret(ctx, &result) || (!(int)result && !ports_unwanted(msk)))
		return 0;
	connection = connection_of(sk);
	if (connection && !connection->reported && !connection->fell_back)
		forget_connection(sk);
	return 0;
}

SEC("?fentry/mptcp_listen")
int BPF_PROG(listen, struct socket *socket)
{
	note_owner(socket->sk);
	return 0;
}

static __always_inline void note_accept(void *ctx, enum spare program, struct sock *sk,
					struct sock *listener)
{
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;
	struct connection *connection;

	if (!sk || sk->sk_protocol != IPPROTO_MPTCP ||
	    !take_preempted_call(ctx, program, SPARED_ACCEPT, sk))
		return;
	connection = note_acceptor(sk, listener);
	if (connection && unheard_of(connection, msk))
		tell_initial_connection(msk, connection);
}

SEC("?fexit/mptcp_stream_accept")
int BPF_PROG(accept_third, struct socket *listener, struct socket *accepted)
{
	note_accept(ctx, THIRD, accepted->sk, listener->sk);
	return 0;
}

SEC("?fexit/mptcp_stream_accept")
int BPF_PROG(accept_second, struct socket *listener, struct socket *accepted)
{
	note_accept(ctx, SECOND, accepted->sk, listener->sk);
	return 0;
}

SEC("?fexit/mptcp_stream_accept")
int BPF_PROG(accept, struct socket *listener, struct socket *accepted)
{
	note_accept(ctx, NO_SPARE, accepted->sk, listener->sk);
	return 0;
}

SEC("?fexit/mptcp_sk_clone_init")
int BPF_PROG(cloned, struct sock *listener, const void *options, struct sock *ssk,
	     struct request_sock *req, struct sock *child)
{
	if (child)
		inherit_owner(child, listener);
	return 0;
}

/* The kernel's events. */

/* Returns when it happened. */
static __always_inline __u64 tell_connection(enum watch_event event, const struct mptcp_sock *msk,
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
 * Not every kernel keeps the error of a subflow that was reset (6.1 does not): then its state
 * tells.
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
	default: /* what came was invalid */
		return WATCH_BY_LOCAL;
	}
}

static __noinline int tell_sub_closed(const struct mptcp_sock *msk,
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

	/* Another processor may raise it, too. */
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
	struct trouble *trouble;

	if (!unfinished_join(context_of(ssk)) && connection->subflows)
		__sync_fetch_and_sub(&connection->subflows, 1);
	trouble = trouble_of(msk);
	if (trouble)
		forget_stale(trouble, ssk);
}

/* Linux 6.5, commit 38967f424b5b "mptcp: track some aggregate data counters". */
static __always_inline bool counts_bytes(const struct mptcp_sock *msk)
{
	return bpf_core_field_exists(msk->bytes_sent);
}

static __always_inline void connection_created(const struct mptcp_sock *msk, struct sock *first,
					       struct connection *connection)
{
	const struct sock *sk = (const struct sock *)msk;
	const struct tcp_sock *tcp = bpf_skc_to_tcp_sock(first);

	connection->token = msk->token;
	connection->netns = sk->__sk_common.skc_net.net->ns.inum;
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

static __always_inline void report_created(const struct mptcp_sock *msk, struct sock *ssk,
					   struct connection *connection)
{
	connection_created(msk, ssk, connection);
	connection->created_ns = tell_connection(WATCH_CREATED, msk, connection);
}

static __always_inline void report_established(const struct mptcp_sock *msk, struct sock *ssk,
					       struct connection *connection)
{
	/* The kernel skipped all programs when it was created, after we had seen whose it is. */
	if (connection->owned && !connection->reported)
		report_created(msk, ssk, connection);
	connection->established = true;
	tell_connection(WATCH_ESTABLISHED, msk, connection);
}

static __always_inline void tell_event(enum mptcp_event_type type, const struct mptcp_sock *msk,
				       struct sock *ssk, struct connection *connection)
{
	switch (type) {
	case MPTCP_EVENT_CREATED:
		/* What is filtered out takes no room. */
		if (ports_unwanted(msk))
			forget_connection(msk);
		else
			report_created(msk, ssk, connection);
		break;
	case MPTCP_EVENT_ESTABLISHED:
		report_established(msk, ssk, connection);
		break;
	case MPTCP_EVENT_SUB_ESTABLISHED:
		subflow_joined(connection);
		tell_subflow(WATCH_SUB_ESTABLISHED, msk, connection, ssk);
		break;
	case MPTCP_EVENT_SUB_CLOSED:
		/* Some kernels tell of one that was disconnected again and again. */
		if (is_disconnected(ssk))
			break;
		tell_failed_join(msk, connection, ssk);
		subflow_left(msk, connection, ssk);
		tell_sub_closed(msk, connection, ssk);
		break;
	case MPTCP_EVENT_SUB_PRIORITY:
		tell_subflow(WATCH_SUB_PRIORITY, msk, connection, ssk);
		break;
	case MPTCP_EVENT_CLOSED:
		/* That is close(), when data may still be on its way: see tell_closed(). */
		connection->closing = true;
		uncount_connection(connection);
		break;
	default:
		break;
	}
}

/* What would have been reported of it, were there room for the connection. */
static __always_inline enum watch_event told_as(enum mptcp_event_type type)
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

/* The same of a socket that is not in the table. */
static __always_inline void lose_events(enum mptcp_event_type type, struct mptcp_sock *msk,
					const struct sock *ssk)
{
	if (type == MPTCP_EVENT_SUB_CLOSED) {
		if (is_disconnected(ssk))
			return;
		if (unfinished_join(context_of(ssk)))
			lose_event(WATCH_JOIN_FAILED, msk);
	}
	lose_event(told_as(type), msk);
}

/* Whether the connection shows that another program has handled the event. */
static __always_inline bool shows_event(const struct connection *connection,
					enum mptcp_event_type type, const struct mptcp_sock *msk)
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

/* Whether it always shows; for others, see spare.bpf.h. */
static __always_inline bool event_shows(enum mptcp_event_type type)
{
	return type == MPTCP_EVENT_CREATED || type == MPTCP_EVENT_ESTABLISHED ||
	       type == MPTCP_EVENT_CLOSED;
}

static __always_inline bool take_event(void *ctx, enum spare program, enum mptcp_event_type type,
				       const struct mptcp_sock *msk, const struct sock *ssk,
				       const struct connection *connection)
{
	if (!connection || !event_shows(type))
		return take_call(ctx, program, SPARED_EVENT, ssk ? (const void *)ssk : msk, type);
	if (shows_event(connection, type, msk))
		return false;
	count_taken_over(program, SPARED_EVENT);
	return true;
}

static __always_inline void hear_event(void *ctx, enum spare program, enum mptcp_event_type type,
				       struct mptcp_sock *msk, struct sock *ssk)
{
	struct connection *connection;

	connection = type == MPTCP_EVENT_CLOSED ? connection_of(msk) : make_connection(msk);
	if (!connection && (type == MPTCP_EVENT_CLOSED || !table_overflowed))
		return;
	if (!take_event(ctx, program, type, msk, ssk, connection))
		return;
	if (connection)
		tell_event(type, msk, ssk, connection);
	else
		lose_events(type, msk, ssk);
}

SEC("?fentry/mptcp_event")
int BPF_PROG(event_third, enum mptcp_event_type type, struct mptcp_sock *msk, struct sock *ssk)
{
	hear_event(ctx, THIRD, type, msk, ssk);
	return 0;
}

SEC("?fentry/mptcp_event")
int BPF_PROG(event_second, enum mptcp_event_type type, struct mptcp_sock *msk, struct sock *ssk)
{
	hear_event(ctx, SECOND, type, msk, ssk);
	return 0;
}

SEC("?fentry/mptcp_event")
int BPF_PROG(event, enum mptcp_event_type type, struct mptcp_sock *msk, struct sock *ssk)
{
	hear_event(ctx, NO_SPARE, type, msk, ssk);
	return 0;
}

/*
 * shutdown() or close(): the DATA_FIN will be the next in sequence. Only for kernels that do not count
 * bytes themselves.
 */
SEC("?fentry/__mptcp_wr_shutdown")
int BPF_PROG(data_fin_due, struct sock *sk)
{
	struct connection *connection = connection_of(sk);

	if (connection)
		connection->data_fin = true;
	return 0;
}

/* Payload by sequence numbers, less the one of each DATA_FIN that was sent or received. */
static __always_inline void count_bytes(struct watch_closed *closed, const struct mptcp_sock *msk,
					const struct connection *connection)
{
	__u64 snd_nxt = READ(struct mptcp_sock, msk, snd_nxt);
	__u64 ack_seq = READ(struct mptcp_sock, msk, ack_seq);

	closed->bytes_sent = snd_nxt - connection->first_write_seq;
	if (connection->data_fin && snd_nxt == READ(struct mptcp_sock, msk, write_seq))
		closed->bytes_sent--;
	closed->bytes_received = ack_seq - connection->first_ack_seq;
	if (ack_seq == READ(struct mptcp_sock, msk, rcv_data_fin_seq) + 1)
		closed->bytes_received--;
}

static __always_inline void fill_closed(struct watch_record *record, const struct mptcp_sock *msk,
					const struct connection *connection, bool pending)
{
	struct watch_closed *closed = &record->closed;

	if (pending)
		record->flags |= WATCH_PENDING;
	if (connection->fell_back || is_fallback(msk))
		record->flags |= WATCH_FELL_BACK;
	if (connection->created_ns) {
		record->flags |= WATCH_HAS_DURATION;
		closed->duration_ns = record->mono_ns - connection->created_ns;
	}
	closed->subflows_max = connection->subflows_max;
	if (counts_bytes(msk)) {
		closed->bytes_sent = msk->bytes_sent;
		closed->bytes_received = msk->bytes_received;
		closed->bytes_retrans = msk->bytes_retrans;
	} else {
		count_bytes(closed, msk, connection);
	}
	if (connection->bytes_retrans > closed->bytes_retrans)
		closed->bytes_retrans = connection->bytes_retrans;
}

/* Once: what is forgotten has ended. */
static __noinline void tell_closed(struct mptcp_sock *msk)
{
	struct connection *connection = connection_of(msk);
	bool pending = end_trouble(msk);
	struct watch_record *record;

	if (!connection) {
		lose_end(msk, is_fallback(msk));
		return;
	}
	uncount_connection(connection);
	if (!connection->reported && !connection->fell_back) {
		/* What began before there was room for it. */
		lose_end(msk, is_fallback(msk));
		forget_connection(msk);
		return;
	}
	unmark(msk);
	notice_fallback(msk);
	record = reserve_event(WATCH_CLOSED, msk, connection);
	if (record) {
		/* What fell back at its SYN+ACK has never begun as an MPTCP connection. */
		if (connection->reported)
			record->subflow = connection->addresses;
		else
			fill_addresses(&record->subflow, addressed(msk));
		fill_closed(record, msk, connection, pending);
		submit_record(record);
	}
	forget_token(connection->token);
	forget_connection(msk);
}

static __always_inline void end_connection(enum spare program, struct mptcp_sock *msk)
{
	if (connection_of(msk))
		count_taken_over(program, SPARED_DESTROY);
	tell_closed(msk);
}

/* The very end, also of a connection that the peer reset and the kernel has no event for. */
SEC("?fentry/mptcp_destroy_common")
int BPF_PROG(destroyed_third, struct mptcp_sock *msk)
{
	end_connection(THIRD, msk);
	return 0;
}

SEC("?fentry/mptcp_destroy_common")
int BPF_PROG(destroyed_second, struct mptcp_sock *msk)
{
	end_connection(SECOND, msk);
	return 0;
}

SEC("?fentry/mptcp_destroy_common")
int BPF_PROG(destroyed, struct mptcp_sock *msk)
{
	end_connection(NO_SPARE, msk);
	return 0;
}

/* Addresses that the peer announces and takes back. */

SEC("?fentry/mptcp_event_addr_announced")
int BPF_PROG(announced, struct sock *ssk, const struct mptcp_addr_info *info)
{
	const struct mptcp_sock *msk = msk_of(ssk);
	struct watch_record *record;

	if (!msk)
		return 0;
	record = reserve_event(WATCH_ANNOUNCED, msk, connection_of(msk));
	if (!record)
		return 0;
	record->subflow.rem_id = info->id;
	record->subflow.family = info->family;
	record->subflow.dport = info->port;
	if (!info->port)
		record->subflow.dport = ssk->__sk_common.skc_dport;
	fill_address(record->subflow.daddr, info);
	submit_record(record);
	return 0;
}

SEC("?fentry/mptcp_event_addr_removed")
int BPF_PROG(removed, struct mptcp_sock *msk, __u8 id)
{
	const struct connection *connection = connection_of(msk);
	struct watch_record *record;

	if (!connection && owner_filtered())
		lose_event(WATCH_REMOVED, msk);
	record = reserve_event(WATCH_REMOVED, msk, connection);
	if (!record)
		return 0;
	record->subflow.rem_id = id;
	submit_record(record);
	return 0;
}
