// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets changed options on the subflows that exist and carry nothing, so that bridge_apply.bpf.c is
 * not called for them: an enforcer reads this iterator when a program that it forces has changed
 * an option of a connection. The iterator has the sockets of the reader's network namespace only.
 */

#include "bridge.bpf.h"
#include "bridge_apply.bpf.h"
#include "reader.bpf.h"

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
	uid_t uid;
};

/* A change from here on requests another reading. */
static __always_inline void begin_reading(void)
{
	__u64 identity = identity_of_reader();
	struct enforcer *enforcer = identity ? enforcer_at(FORCE_PLACE(identity)) : NULL;

	if (enforcer)
		__sync_lock_test_and_set(&enforcer->changes_reported, 0);
}

/*
 * The MPTCP socket, NULL for TCP. bpf_skc_to_mptcp_sock() does not take what an iterator has; a
 * subflow has the struct socket of its connection (mptcp_sock_graft()), until that is closed.
 */
static __always_inline struct sock *connection_of_subflow(const struct tcp_sock *ssk)
{
	const struct socket *socket = ssk->inet_conn.icsk_inet.sk.sk_socket;
	struct sock *msk = socket ? socket->sk : NULL;

	return msk && msk->sk_protocol == IPPROTO_MPTCP ? msk : NULL;
}

SEC("iter/tcp")
int apply_existing(struct bpf_iter__tcp *ctx)
{
	struct sock_common *common = ctx->sk_common;
	struct tcp_sock *ssk;
	struct sock *msk;

	if (!ctx->meta->seq_num)
		begin_reading();
	if (!common)
		return 0;
	ssk = bpf_skc_to_tcp_sock(common);
	msk = ssk ? connection_of_subflow(ssk) : NULL;
	if (msk)
		apply_changes(ssk, ssk, msk);
	return 0;
}
