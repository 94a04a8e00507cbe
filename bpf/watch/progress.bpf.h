/* SPDX-License-Identifier: GPL-2.0-only */
/* Which subflow holds data of the connection, and when it last made progress. */
#ifndef PROGRESS_BPF_H
#define PROGRESS_BPF_H

#include "subflows.bpf.h"
#include "path_state.bpf.h"

#define NSEC_PER_USEC 1000ULL

/* A FIN takes a sequence number. */
static __always_inline bool sent_fin(__u8 state)
{
	return state == TCP_FIN_WAIT1 || state == TCP_LAST_ACK || state == TCP_CLOSING;
}

/* The end of the data on the subflow, in the subflow's sequence. */
static __always_inline __u32 subflow_write_seq(const struct sock *ssk)
{
	__u32 write_seq = READ(struct tcp_sock, ssk, write_seq);

	/* Once everything is acknowledged, so is the FIN. */
	if (write_seq != READ(struct tcp_sock, ssk, snd_una) &&
	    sent_fin(READ(struct sock, ssk, __sk_common.skc_state)))
		write_seq--;
	return write_seq;
}

/* Whether the peer's TCP has not acknowledged all of its bytes. */
static __always_inline bool subflow_outstanding(const struct sock *ssk)
{
	return subflow_write_seq(ssk) != READ(struct tcp_sock, ssk, snd_una);
}

static __always_inline struct last_sent *last_sent_on(struct path_state *paths, __u64 id)
{
	int i;

	for (i = 0; i < LAST_SENT_MAX; i++) {
		if (paths->last_sent[i].id == id)
			return &paths->last_sent[i];
	}
	return NULL;
}

/* Uses the slot of the subflow, or else the oldest. */
static __always_inline struct last_sent *last_sent_slot(struct path_state *paths, __u64 id)
{
	struct last_sent *last_sent = last_sent_on(paths, id);

	if (last_sent)
		return last_sent;
	last_sent = &paths->last_sent[paths->next_slot++ & (LAST_SENT_MAX - 1)];
	last_sent->id = id;
	last_sent->since_ns = 0;
	return last_sent;
}

static __always_inline bool acknowledged_up_to(const struct mptcp_sock *msk, __u64 data_seq)
{
	return (__s64)(READ(struct mptcp_sock, msk, snd_una) - data_seq) >= 0;
}

/* Everything it holds was sent, and is therefore below snd_nxt. */
static __always_inline void note_outstanding(const struct mptcp_sock *msk, struct path_state *paths,
					     const struct sock *ssk)
{
	struct last_sent *last_sent = last_sent_slot(paths, subflow_id(ssk));

	last_sent->data_end = READ(struct mptcp_sock, msk, snd_nxt);
	last_sent->write_seq = subflow_write_seq(ssk);
}

/*
 * Notes that `sent` bytes of the connection's data, up to this sequence number, went to the
 * subflow. If nothing else was left there, or its content was known, its content is known now.
 * Otherwise, all that is known is that it is below snd_nxt.
 */
static __always_inline void note_sent(const struct mptcp_sock *msk, struct path_state *paths,
				      const struct sock *ssk, __u64 data_end, __u32 sent)
{
	struct last_sent *last_sent = last_sent_slot(paths, subflow_id(ssk));
	__u32 write_seq = READ(struct tcp_sock, ssk, write_seq);
	bool empty = write_seq - sent == READ(struct tcp_sock, ssk, snd_una);
	bool known = last_sent->write_seq == write_seq - sent;
	__u64 before = known ? last_sent->data_end : READ(struct mptcp_sock, msk, snd_nxt);

	if (empty || (known && acknowledged_up_to(msk, before)))
		last_sent->since_ns = bpf_ktime_get_ns();
	if (!empty && (__s64)(before - data_end) > 0)
		data_end = before;
	last_sent->data_end = data_end;
	last_sent->write_seq = write_seq;
}

/* Whether everything outstanding on the subflow has also been sent elsewhere and acknowledged. */
static __always_inline bool only_stale_copies(const struct mptcp_sock *msk,
					      struct path_state *paths, const struct sock *ssk)
{
	const struct last_sent *last_sent = paths ? last_sent_on(paths, subflow_id(ssk)) : NULL;

	return last_sent && last_sent->write_seq == subflow_write_seq(ssk) &&
	       acknowledged_up_to(msk, last_sent->data_end);
}

/*
 * The first subflow survives its end, as a socket without addresses, whose sequence numbers mean
 * nothing (tcp_disconnect(), called by __mptcp_close_ssk()).
 */
static __always_inline bool is_disconnected(const struct sock *ssk)
{
	return !READ(struct sock, ssk, __sk_common.skc_dport);
}

/* Whether data of the connection waits for this subflow. The SYN of a join is no data. */
static __always_inline bool holds_data(const struct mptcp_sock *msk, struct path_state *paths,
				       const struct sock *ssk,
				       const struct mptcp_subflow_context *context)
{
	return !is_disconnected(ssk) && subflow_outstanding(ssk) && !unfinished_join(context) &&
	       !only_stale_copies(msk, paths, ssk);
}

/*
 * The last progress of the subflow. TCP stores the time of the last delivery or, when it sends with
 * nothing in flight, the time of sending (tcp_rate_skb_sent()): idling does not count. With pacing,
 * that time can be in the future.
 */
static __always_inline __u64 tcp_progress_ns(const struct sock *ssk)
{
	__u64 progress_ns = READ(struct tcp_sock, ssk, delivered_mstamp) * NSEC_PER_USEC;
	__u64 now_ns = bpf_ktime_get_ns();

	return progress_ns < now_ns ? progress_ns : now_ns;
}

/* The same without the time in which only stale copies were in flight. */
static __always_inline __u64 subflow_progress_ns(struct path_state *paths, const struct sock *ssk)
{
	const struct last_sent *last_sent = paths ? last_sent_on(paths, subflow_id(ssk)) : NULL;
	__u64 progress_ns = tcp_progress_ns(ssk);

	return last_sent && last_sent->since_ns > progress_ns ? last_sent->since_ns : progress_ns;
}

struct subflows_progress {
	struct subflow_walk subflows;
	const struct mptcp_sock *msk;
	struct path_state *paths;
	const struct sock *stalled; /* has data, and no progress for longest */
	__u64 stalled_ns;	    /* its last progress */
	__u64 latest_ns;	    /* the last progress of any subflow */
};

static long compare_progress(__u64 index, struct subflows_progress *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);
	__u64 progress_ns;

	if (!ssk)
		return 1;
	progress_ns = subflow_progress_ns(walk->paths, ssk);
	if (progress_ns > walk->latest_ns)
		walk->latest_ns = progress_ns;
	if (!holds_data(walk->msk, walk->paths, ssk, walk->subflows.context))
		return 0;
	if (!walk->stalled || progress_ns < walk->stalled_ns) {
		walk->stalled = ssk;
		walk->stalled_ns = progress_ns;
	}
	return 0;
}

static __always_inline struct subflows_progress find_stalled(const struct mptcp_sock *msk,
							     struct path_state *paths)
{
	struct subflows_progress walk = {
		.subflows = walk_subflows(msk),
		.msk = msk,
		.paths = paths,
	};

	bpf_loop(SUBFLOWS_MAX, compare_progress, &walk, 0);
	return walk;
}

struct outstanding_walk {
	struct subflow_walk subflows;
	const struct mptcp_sock *msk;
	struct path_state *paths;
};

static long note_subflow_outstanding(__u64 index, struct outstanding_walk *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);

	if (!ssk)
		return 1;
	if (walk->paths)
		note_outstanding(walk->msk, walk->paths, ssk);
	return 0;
}

/*
 * Begins the path state of a connection whose last progress was at that time. From now on, its
 * progress is noted, and the data that each subflow is given.
 */
static __always_inline struct path_state *begin_path_state(const struct mptcp_sock *msk,
							   __u64 progress_ns)
{
	struct outstanding_walk walk = {
		.subflows = walk_subflows(msk),
		.msk = msk,
		.paths = add_path_state(msk, progress_ns),
	};

	if (walk.paths)
		bpf_loop(SUBFLOWS_MAX, note_subflow_outstanding, &walk, 0);
	return walk.paths;
}

#endif /* PROGRESS_BPF_H */
