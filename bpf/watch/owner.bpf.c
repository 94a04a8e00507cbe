// SPDX-License-Identifier: GPL-2.0-only
/*
 * The owners of sockets, noted when a process connects, listens or accepts: only then is the owner
 * the current task.
 */

#include "connection.bpf.h"
#include "filter.bpf.h"
#include "initial.bpf.h"
#include "spare.bpf.h"

static __always_inline void note_connect(void *ctx, enum spare program, struct sock *sk)
{
	if (claim_preempted_call(ctx, program, SPARED_CONNECT, sk))
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
	note_connect(ctx, FIRST, sk);
	return 0;
}

/*
 * A socket whose connect() failed at once may stay open for long, and there may be many: their
 * entries are dropped. By now the ports are known, too.
 */
SEC("?fexit/mptcp_connect")
int BPF_PROG(connect_end, struct sock *sk)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	const struct connection *connection;
	__u64 result = 0;

	if (bpf_get_func_ret(ctx, &result) || (!(int)result && !ports_filtered_out(msk)))
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

static __always_inline bool same_owner(const struct watch_owner *a, const struct watch_owner *b)
{
	const __u64 *left = (const __u64 *)a, *right = (const __u64 *)b;
	int i;

	for (i = 0; i < (int)(sizeof(*a) / sizeof(*left)); i++)
		if (left[i] != right[i])
			return false;
	return true;
}

/*
 * The process that accepts owns the connection, and most likely the next one of this listener.
 * Returns the connection.
 */
static __always_inline struct connection *note_acceptor(struct sock *sk, struct sock *listener)
{
	struct connection *connection = connection_of(sk);
	struct watch_owner before = {};

	if (connection) {
		before = connection->owner;
		set_owner(connection, bpf_get_current_task_btf());
	} else if (!ports_filtered_out((const struct mptcp_sock *)sk)) {
		store_owner(sk, bpf_get_current_task_btf());
		connection = connection_of(sk);
	}
	if (connection && !same_owner(&before, &connection->owner))
		note_owner(listener);
	return connection;
}

static __always_inline void note_accept(void *ctx, enum spare program, struct sock *sk,
					struct sock *listener)
{
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;
	struct connection *connection;

	if (!sk || sk->sk_protocol != IPPROTO_MPTCP ||
	    !claim_preempted_call(ctx, program, SPARED_ACCEPT, sk))
		return;
	connection = note_acceptor(sk, listener);
	if (connection && not_reported(connection, msk))
		emit_initial_connection(msk, connection);
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
	note_accept(ctx, FIRST, accepted->sk, listener->sk);
	return 0;
}

/* A new connection belongs to its listener's owner until a process accepts it. */
static __always_inline void inherit_owner(struct sock *sk, struct sock *listener)
{
	const struct connection *from = connection_of(listener);
	struct connection initial = {};

	if (from) {
		copy_owner(&initial, from);
		store_connection(sk, &initial);
	} else {
		forget_connection(sk);
		inherit_mark(sk, listener);
	}
}

SEC("?fexit/mptcp_sk_clone_init")
int BPF_PROG(clone, struct sock *listener, const void *options, struct sock *ssk,
	     struct request_sock *req, struct sock *child)
{
	if (child)
		inherit_owner(child, listener);
	return 0;
}
