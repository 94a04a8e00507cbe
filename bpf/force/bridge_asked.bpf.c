// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets of programs in scope that ask for MPTCP themselves: they know what MPTCP sockets refuse,
 * and are not bridged. Only the hook sees what was asked for, before there is a socket: it leaves a
 * note for the thread, and the program below, which the kernel calls for MPTCP sockets alone, moves
 * it to the socket. Accepted sockets inherit it.
 *
 * Nor are MPTCP sockets that are older than the enforcer: before it becomes active, it marks those of
 * the tasks that it will include.
 */

#include "bridge.bpf.h"
#include "asked.bpf.h"
#include "reader.bpf.h"

static __always_inline void mark_asked(void *sk)
{
	struct bridge_state *state = bpf_sk_storage_get(&bridge_states, sk, NULL,
							BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (state)
		state->asked = true;
}

SEC("?fentry/mptcp_init_sock")
int BPF_PROG(note_asked, struct sock *sk)
{
	if (take_note())
		mark_asked(sk);
	return 0;
}

/* Whether an active enforcer includes the task, and has therefore upgraded its sockets. */
static __always_inline bool is_enforced(struct task_struct *task)
{
	__u64 id = cgroup_id_of(task);

	return is_of_kind(verdict_of(task, id, read_recent(id)), TO_MPTCP);
}

/* Read by an enforcer before it is active. Sockets that are created meanwhile leave notes. */
SEC("iter/task_file")
int mark_earlier(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;
	__u64 reader;

	if (!ctx->meta->seq_num)
		begin_noting();
	if (!task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk || sk->sk_protocol != IPPROTO_MPTCP)
		return 0;
	reader = identity_of_reader();
	if (reader && is_enforced_by(task, reader) && !is_enforced(task))
		mark_asked(sk);
	return 0;
}
