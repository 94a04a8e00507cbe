/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets that pass the filters but found the table of connections full. A mark in the socket's own
 * storage says so, and each of their events is counted as lost. The mark also distinguishes them
 * from sockets that are filtered out, which are not in the table either.
 */
#ifndef UNTRACKED_BPF_H
#define UNTRACKED_BPF_H

#include "filter.bpf.h"
#include "lost.bpf.h"

struct untracked {
	bool begun;	/* it is a connection, so its end will be an event */
	bool fell_back; /* and was counted */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct untracked);
} untracked SEC(".maps");

/* Marks may exist. As long as the table has never been full, nothing looks for one. */
static bool table_overflowed;

/* The verifier knows sk as a socket. */
static __always_inline void mark_untracked(struct sock *sk)
{
	table_overflowed = true;
	bpf_sk_storage_get(&untracked, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

static __always_inline void inherit_mark(struct sock *sk, struct sock *listener)
{
	if (table_overflowed && bpf_sk_storage_get(&untracked, listener, NULL, 0))
		mark_untracked(sk);
}

/* The mark of a socket that is not in the table, or NULL if it has none or is filtered out. */
static __always_inline struct untracked *mark_of(struct mptcp_sock *msk, __u64 flags)
{
	if (!table_overflowed || netns_filtered_out((const struct sock *)msk) ||
	    ports_filtered_out(msk))
		return NULL;
	return bpf_sk_storage_get(&untracked, msk, NULL, flags);
}

/*
 * Some events have only a subflow. Its connection's mark is out of their reach, because the
 * verifier does not know the type of a pointer that was read, so the subflow gets one, too.
 */
static __always_inline void mark_subflow(struct sock *ssk, struct mptcp_sock *msk)
{
	if (mark_of(msk, 0))
		bpf_sk_storage_get(&untracked, ssk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

static __always_inline bool is_untracked_subflow(struct sock *ssk)
{
	return table_overflowed && bpf_sk_storage_get(&untracked, ssk, NULL, 0);
}

static __always_inline void count_untracked(enum watch_event event)
{
	if (event_selected(event))
		count_lost(event, WATCH_LOST_TABLE_FULL);
}

static __always_inline void count_lost_event(enum watch_event event, struct mptcp_sock *msk)
{
	/* Unless a filter selects owners, it is missing only because the table was full. */
	struct untracked *mark = mark_of(msk,
					 filters_owners() ? 0 : BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!mark)
		return;
	mark->begun |= event == WATCH_CREATED || event == WATCH_ESTABLISHED;
	count_untracked(event);
}

/*
 * For an event that is reported without an owner if the connection is not in the table. If a filter
 * selects owners, it is filtered out, and lost if only the table was full.
 */
static __always_inline void count_if_untracked(enum watch_event event, const void *msk,
					       const void *connection)
{
	if (!connection && filters_owners())
		count_lost_event(event, (struct mptcp_sock *)msk);
}

/*
 * Its end is an event if it was a connection or had fallen back. Only now is every fallback
 * visible.
 */
static __always_inline void count_lost_end(struct mptcp_sock *msk, bool fell_back)
{
	struct untracked *mark = mark_of(msk, 0);

	if (!mark)
		return;
	if (fell_back && !mark->fell_back)
		count_untracked(WATCH_FALLBACK);
	if (fell_back || mark->begun)
		count_untracked(WATCH_CLOSED);
	bpf_sk_storage_delete(&untracked, msk);
}

/* At the end of a socket that is in the table after all. */
static __always_inline void unmark(struct mptcp_sock *msk)
{
	if (table_overflowed)
		bpf_sk_storage_delete(&untracked, msk);
}

#endif /* UNTRACKED_BPF_H */
