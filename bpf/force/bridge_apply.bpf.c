// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets the applied options on subflows, whose lock the kernel holds while it calls sockops
 * programs: on new ones before their SYN, when they listen and when they are established; on those
 * that exist at the next acknowledgement, or when a retransmission timer fires. The programs of
 * setsockopt() cannot reach subflows, and reading iter/tcp takes a process in the socket's network
 * namespace (bpf_iter_init_seq_net()).
 */

#include "bridge.bpf.h"
#include "bridge_apply.bpf.h"
#include "confined.bpf.h"

/* Not for the sockets of cgroups that are known to be outside every scope. */
static __always_inline bool may_be_ours(struct bpf_sock *ssk)
{
	__u64 id = CAST(struct sock, ssk)->sk_cgrp_data.cgroup->kn->id;

	return !known_outside(id, read_recent(id));
}

static __noinline int visit_subflow(struct bpf_sock_ops *ctx)
{
	struct bpf_sock *ssk = ctx->sk;
	struct mptcp_sock *msk;

	if (!ssk)
		return 0;
	/* NULL: it is plain TCP. */
	msk = bpf_skc_to_mptcp_sock(ssk);
	if (!msk)
		return 0;
	if (ctx->op == BPF_SOCK_OPS_TCP_LISTEN_CB)
		note_binding(msk, CAST(struct sock, ssk));
	apply_changes(ctx, ssk, msk);
	if ((ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
	     ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) &&
	    may_be_ours(ssk))
		bpf_sock_ops_cb_flags_set(ctx, ctx->bpf_sock_ops_cb_flags |
						       BPF_SOCK_OPS_RTT_CB_FLAG |
						       BPF_SOCK_OPS_RTO_CB_FLAG);
	return 0;
}

SEC("sockops")
int apply_options(struct bpf_sock_ops *ctx)
{
	switch (ctx->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_RTT_CB:
	case BPF_SOCK_OPS_RTO_CB:
		visit_subflow(ctx);
		break;
	}
	return 1;
}
