// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets that were already open when mptcp-watch started. User space reads this iterator once:
 * every MPTCP socket that a process holds gets its owner, and every connection among them is
 * reported. The probes are attached by then, so that nothing is missed in between.
 */

#include "connection.bpf.h"
#include "fallback.bpf.h"
#include "initial.bpf.h"
#include "listeners.bpf.h"
#include "untracked.bpf.h"

/* Its SYNs with MP_CAPABLE were not answered: nothing else is reported of it but its end. */
static __always_inline void emit_initial_fallback(const struct mptcp_sock *msk,
						  struct connection *connection)
{
	if (emit_initial)
		emit_fallback(msk, WATCH_FALLBACK_UNKNOWN, WATCH_INITIAL);
	else
		connection->fell_back = true;
}

/* Established or closing. One that is still connecting is reported once it is established. */
static __always_inline bool is_connected(__u8 state)
{
	return state != TCP_LISTEN && state != TCP_CLOSE && state != TCP_SYN_SENT;
}

static __always_inline void count_lost_initial(struct mptcp_sock *msk)
{
	struct untracked *mark = mark_of(msk, 0);
	bool fell_back = is_fallback(msk);

	if (!mark || mark->begun)
		return;
	mark->begun = true;
	mark->fell_back = fell_back;
	if (emit_initial)
		count_untracked(fell_back ? WATCH_FALLBACK : WATCH_ESTABLISHED);
}

/*
 * If several processes hold it, the owner is the first that passes the filters. NULL if it is
 * filtered out or the table is full.
 */
static __always_inline struct connection *track_initial(struct sock *sk, struct task_struct *task,
							__u8 state)
{
	struct connection *connection = connection_of(sk);
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;

	/* Not connected: its connect() will be seen. */
	if (state == TCP_CLOSE || (state != TCP_LISTEN && ports_filtered_out(msk)))
		return NULL;
	if (connection) {
		if (!connection->owned)
			set_owner(connection, task);
		return connection;
	}
	store_owner(sk, task);
	connection = connection_of(sk);
	if (!connection && is_connected(state))
		count_lost_initial(msk);
	return connection;
}

SEC("iter/task_file")
int initial_sockets(struct bpf_iter__task_file *ctx)
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
		emit_initial_fallback(msk, connection);
	if (is_connected(state) && not_reported(connection, msk)) {
		emit_initial_connection(msk, connection);
		/* Lets user space empty the ring buffer after every read. */
		bpf_seq_write(ctx->meta->seq, &one, sizeof(one));
	}
	return 0;
}
