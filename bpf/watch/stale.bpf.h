/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Subflows that the kernel stops using for sending (net.mptcp.stale_loss_cnt), and uses again. It
 * only sets and clears a field, in functions that compilers inline. The field is therefore checked
 * where it can have changed: after the retransmission timer and, while a connection has a stale
 * subflow, at each acknowledgement of its data.
 */
#ifndef STALE_BPF_H
#define STALE_BPF_H

#include "record.bpf.h"
#include "subflows.bpf.h"
#include "path_state.bpf.h"
#include "untracked.bpf.h"

/* The index of the subflow among the stale ones that were reported, or STALE_MAX. */
static __always_inline int stale_slot(const struct path_state *paths, __u64 id)
{
	int i;

	for (i = 0; i < STALE_MAX; i++)
		if (paths->stale[i] == id)
			break;
	return i;
}

/*
 * Returns whether this call made the change: acknowledgements are handled without the lock of the
 * sender, so two processors may see the same change.
 */
static __always_inline bool replace_stale(struct path_state *paths, __u64 old, __u64 new)
{
	int i;

	for (i = 0; i < STALE_MAX; i++) {
		if (__sync_val_compare_and_swap(&paths->stale[i], old, new) != old)
			continue;
		/* Checked until it recovers. */
		__sync_fetch_and_add(&paths->n_stale, new ? 1 : -1);
		return true;
	}
	return false;
}

static __always_inline bool forget_stale(struct path_state *paths, const struct sock *ssk)
{
	__u64 id = subflow_id(ssk);

	return id && replace_stale(paths, id, 0);
}

struct stale_walk {
	struct subflow_walk subflows;
	const struct mptcp_sock *msk;
	struct path_state *paths;
	bool found;
};

static long find_stale(__u64 index, struct stale_walk *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);
	const struct mptcp_subflow_context *context = walk->subflows.context;

	if (!ssk)
		return 1;
	walk->found = READ_BITS(struct mptcp_subflow_context, context, stale);
	return walk->found;
}

static __always_inline bool any_stale(const struct mptcp_sock *msk)
{
	struct stale_walk walk = { .subflows = walk_subflows(msk) };

	bpf_loop(SUBFLOWS_MAX, find_stale, &walk, 0);
	return walk.found;
}

static __always_inline void emit_stale_change(struct stale_walk *walk, enum watch_event event,
					      const struct sock *ssk)
{
	const struct connection *connection = connection_of(walk->msk);

	if (!connection && filters_owners())
		__sync_fetch_and_add(&walk->paths->untracked_changes[event == WATCH_RECOVERED], 1);
	else
		emit_subflow(event, walk->msk, connection, ssk);
}

static long compare_stale(__u64 index, struct stale_walk *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);
	const struct mptcp_subflow_context *context = walk->subflows.context;
	struct path_state *paths = walk->paths;
	bool is, was;
	__u64 id;

	if (!ssk)
		return 1;
	id = subflow_id(ssk);
	is = READ_BITS(struct mptcp_subflow_context, context, stale);
	if (!id)
		return 0;
	was = stale_slot(paths, id) < STALE_MAX;
	if (is && !was && replace_stale(paths, 0, id))
		emit_stale_change(walk, WATCH_STALE, ssk);
	else if (!is && was && replace_stale(paths, id, 0))
		emit_stale_change(walk, WATCH_RECOVERED, ssk);
	return 0;
}

static __always_inline void count_untracked_change(enum watch_event event, __u32 *changes)
{
	__u32 count = *changes ? __sync_lock_test_and_set(changes, 0) : 0;

	if (event_selected(event))
		add_lost(event, WATCH_LOST_TABLE_FULL, count);
}

/*
 * The changes of a connection that is not in the table are lost if only the table was full. They were counted in the
 * path state, because the verifier would try every number that a counter of the walk can have.
 */
static __always_inline void count_untracked_changes(const struct mptcp_sock *msk,
						    struct path_state *paths)
{
	if (!mark_of((struct mptcp_sock *)msk, 0))
		return;
	count_untracked_change(WATCH_STALE, &paths->untracked_changes[0]);
	count_untracked_change(WATCH_RECOVERED, &paths->untracked_changes[1]);
}

static __always_inline void emit_stale_changes(const struct mptcp_sock *msk,
					       struct path_state *paths)
{
	struct stale_walk walk = {
		.subflows = walk_subflows(msk),
		.msk = msk,
		.paths = paths,
	};

	bpf_loop(SUBFLOWS_MAX, compare_stale, &walk, 0);
	if (filters_owners())
		count_untracked_changes(msk, paths);
}

#endif /* STALE_BPF_H */
