/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was there before the watching began: user space reads this iterator once, and every MPTCP
 * socket that some process holds gets its owner, and every connection among them is told. The
 * probes are attached by then, so that nothing is missed in between.
 */
#ifndef INITIAL_BPF_H
#define INITIAL_BPF_H

#include "failover.bpf.h"
#include "listeners.bpf.h"
#include "tokens.bpf.h"

/* Told, or only noted: --no-initial. */
const volatile bool tell_initial;

struct initial_walk {
	struct subflow_walk subflows;
	struct mptcp_sock *msk;
};

/* All but the first, whose addresses are the connection's. */
static long tell_initial_subflow(__u64 index, struct initial_walk *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);
	struct connection *connection = connection_of(walk->msk);
	struct watch_record *record;

	if (!ssk || !connection)
		return 1;
	if (unfinished_join(walk->subflows.context))
		return 0;
	connection->subflows++;
	connection->subflows_max = connection->subflows;
	if (!tell_initial || !BPF_CORE_READ_BITFIELD_PROBED(walk->subflows.context, mp_join))
		return 0;
	record = reserve_event(WATCH_SUB_ESTABLISHED, walk->msk, connection);
	if (!record)
		return 0;
	record->flags |= WATCH_INITIAL;
	fill_subflow(&record->subflow, ssk);
	submit_record(record);
	return 0;
}

static __always_inline void tell_initial_connection(struct mptcp_sock *msk,
						    struct connection *connection)
{
	struct initial_walk walk = { .subflows = walk_subflows(msk), .msk = msk };
	bool fell_back = is_fallback(msk);
	struct watch_record *record;

	connection->token = BPF_CORE_READ(msk, token);
	connection->netns = netns_of((const struct sock *)msk);
	connection->first_write_seq = BPF_CORE_READ(msk, write_seq);
	connection->first_ack_seq = BPF_CORE_READ(msk, ack_seq);
	connection->server_side = BPF_CORE_READ(msk, pm.server_side);
	fill_addresses(&connection->addresses, (const struct sock *)msk);
	begin_connection(connection, READ(struct sock, msk, __sk_common.skc_num));
	/* Already closed, or shut down both ways, it needs nobody to join it any more. */
	if (READ(struct sock, msk, sk_shutdown) != SHUTDOWN_MASK)
		count_connection(connection);
	remember_token(msk, connection->token);
	connection->subflows = 0;
	connection->fell_back = fell_back;
	if (tell_initial) {
		record = reserve_event(fell_back ? WATCH_FALLBACK : WATCH_ESTABLISHED, msk,
				       connection);
		if (record) {
			record->flags |= WATCH_INITIAL;
			record->subflow = connection->addresses;
			submit_record(record);
		}
	}
	bpf_loop(SUBFLOWS_MAX, tell_initial_subflow, &walk, 0);
}

/* Its SYNs with MP_CAPABLE were not answered: nothing else will be told of it but its end. */
static __always_inline void tell_initial_fallback(const struct mptcp_sock *msk,
						  struct connection *connection)
{
	if (tell_initial)
		tell_fallback(msk, WATCH_FALLBACK_UNKNOWN, WATCH_INITIAL);
	else
		connection->fell_back = true;
}

/* Established, or about to end: one that is connecting will be told once it is. */
static __always_inline bool is_connected(__u8 state)
{
	return state != TCP_LISTEN && state != TCP_CLOSE && state != TCP_SYN_SENT;
}

static __always_inline void lose_initial(struct mptcp_sock *msk)
{
	struct untracked *mark = mark_of(msk, 0);
	bool fell_back = is_fallback(msk);

	if (!mark || mark->begun)
		return;
	mark->begun = true;
	mark->fell_back = fell_back;
	if (tell_initial)
		count_untracked(fell_back ? WATCH_FALLBACK : WATCH_ESTABLISHED);
}

/* Of several processes that hold it, the first that the user wants. NULL: filtered out, or no room. */
static __always_inline struct connection *track_initial(struct sock *sk, struct task_struct *task,
							__u8 state)
{
	struct connection *connection = connection_of(sk);
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;

	/* Not connected: connect() will be seen. */
	if (state == TCP_CLOSE || (state != TCP_LISTEN && ports_unwanted(msk)))
		return NULL;
	if (connection) {
		if (!connection->owned)
			set_owner(connection, task);
		return connection;
	}
	store_owner(sk, task);
	connection = connection_of(sk);
	if (!connection && is_connected(state))
		lose_initial(msk);
	return connection;
}

SEC("iter/task_file")
int initial(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct connection *connection;
	struct socket *socket;
	struct mptcp_sock *msk;
	struct sock *sk;
	char one = 1;
	__u8 state;

	if (!task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk || sk->sk_protocol != IPPROTO_MPTCP)
		return 0;
	msk = (struct mptcp_sock *)sk;
	state = sk->__sk_common.skc_state;
	if (state == TCP_LISTEN)
		count_listener(sk, netns_of(sk), sk->__sk_common.skc_num);
	connection = track_initial(sk, task, state);
	if (!connection)
		return 0;
	if (state == TCP_SYN_SENT && is_fallback(msk))
		tell_initial_fallback(msk, connection);
	if (is_connected(state) && unheard_of(connection, msk)) {
		tell_initial_connection(msk, connection);
		/* So that user space can empty the ring buffer after so many. */
		bpf_seq_write(ctx->meta->seq, &one, sizeof(one));
	}
	return 0;
}

#endif /* INITIAL_BPF_H */
