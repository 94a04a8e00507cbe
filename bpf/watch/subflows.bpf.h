/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Walks over the subflows of a connection, which other processors may change: each step is checked.
 */
#ifndef SUBFLOWS_BPF_H
#define SUBFLOWS_BPF_H

#include "common/core_compat.h"

/* More than the kernel allows per connection. */
#define SUBFLOWS_MAX 256

struct subflow_walk {
	const struct list_head *head;
	const struct list_head *next;
	const struct mptcp_subflow_context *context; /* of the socket returned last */
};

static __always_inline struct subflow_walk walk_subflows(const struct mptcp_sock *msk)
{
	return (struct subflow_walk){
		.head = &msk->conn_list,
		.next = BPF_CORE_READ(msk, conn_list.next),
	};
}

/* The next subflow's socket, or NULL. */
static __always_inline const struct sock *next_subflow(struct subflow_walk *walk)
{
	const struct mptcp_subflow_context *context;

	if (!walk->next || walk->next == walk->head)
		return NULL;
	context = container_of(walk->next, struct mptcp_subflow_context, node);
	walk->context = context;
	walk->next = BPF_CORE_READ(context, node.next);
	return BPF_CORE_READ(context, tcp_sock);
}

/* Whether it is our MP_JOIN that has not, or not yet, become a subflow. */
static __always_inline bool unfinished_join(const struct mptcp_subflow_context *context)
{
	return context && READ_BITS(struct mptcp_subflow_context, context, request_join) &&
	       !READ_BITS(struct mptcp_subflow_context, context, mp_join);
}

#endif /* SUBFLOWS_BPF_H */
