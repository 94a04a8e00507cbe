/* SPDX-License-Identifier: GPL-2.0-only */
/* Which subflow holds data of the connection, and for how long it has made no progress. */
#ifndef PROGRESS_BPF_H
#define PROGRESS_BPF_H

#include "subflows.bpf.h"
#include "trouble.bpf.h"

/* From include/net/tcp_states.h: the FIN takes a sequence number of its own. */
#define TCP_FIN_WAIT1 4
#define TCP_CLOSE     7
#define TCP_LAST_ACK  9
#define TCP_LISTEN    10
#define TCP_CLOSING   11

#define NSEC_PER_USEC 1000ULL

static __always_inline bool sent_fin(__u8 state)
{
	return state == TCP_FIN_WAIT1 || state == TCP_LAST_ACK || state == TCP_CLOSING;
}

/* Bytes given to the subflow that the peer's TCP has not acknowledged. */
static __always_inline __u32 subflow_outstanding(const struct sock *ssk)
{
	const struct tcp_sock *tcp = (const struct tcp_sock *)ssk;
	__u32 bytes = READ(struct tcp_sock, tcp, write_seq) - READ(struct tcp_sock, tcp, snd_una);

	if (bytes && sent_fin(READ(struct sock, ssk, __sk_common.skc_state)))
		bytes--;
	return bytes;
}

/*
 * When the subflow last made progress. TCP notes when it was told of a delivery last, and, each
 * time it sends with nothing in flight, that time instead (tcp_rate_skb_sent()): idling does not
 * count.
 */
static __always_inline __u64 subflow_progress_ns(const struct sock *ssk)
{
	return READ(struct tcp_sock, ssk, delivered_mstamp) * NSEC_PER_USEC;
}

static __always_inline struct leftover *leftover_of(struct trouble *trouble, const struct sock *ssk)
{
	int i;

	for (i = 0; i < LEFTOVERS_MAX; i++) {
		if (trouble->leftovers[i].ssk == (__u64)ssk)
			return &trouble->leftovers[i];
	}
	return NULL;
}

/* In the place that the subflow has already, or that of the oldest. */
static __always_inline void note_leftover(struct trouble *trouble, const struct sock *ssk,
					  __u64 data_seq)
{
	struct leftover *leftover = leftover_of(trouble, ssk);

	if (!leftover)
		leftover = &trouble->leftovers[trouble->next_leftover++ & (LEFTOVERS_MAX - 1)];
	leftover->ssk = (__u64)ssk;
	leftover->data_seq = data_seq;
	leftover->write_seq = READ(struct tcp_sock, ssk, write_seq);
	leftover->delivered = READ(struct tcp_sock, ssk, delivered);
}

/*
 * So many bytes of data that had been sent before, up to this sequence number, were given to the
 * subflow as well. That is noted where nothing else waits there, as whenever the timer fires:
 * mptcp_subflow_get_retrans() wants a subflow with empty queues.
 */
static __always_inline void note_copy(struct trouble *trouble, const struct sock *ssk,
				      __u64 data_seq, __u32 sent)
{
	__u32 before = READ(struct tcp_sock, ssk, write_seq) - sent;
	const struct leftover *leftover = leftover_of(trouble, ssk);

	if (leftover && leftover->write_seq == before) {
		if ((__s64)(leftover->data_seq - data_seq) > 0)
			data_seq = leftover->data_seq;
	} else if (before != READ(struct tcp_sock, ssk, snd_una)) {
		return;
	}
	note_leftover(trouble, ssk, data_seq);
}

/*
 * Whether all that is outstanding on the subflow has been sent elsewhere, too, and acknowledged.
 */
static __always_inline bool only_leftovers(const struct mptcp_sock *msk, struct trouble *trouble,
					   const struct sock *ssk)
{
	const struct leftover *leftover = trouble ? leftover_of(trouble, ssk) : NULL;

	return leftover && leftover->write_seq == READ(struct tcp_sock, ssk, write_seq) &&
	       (__s64)(READ(struct mptcp_sock, msk, snd_una) - leftover->data_seq) >= 0;
}

/* Whether the subflow has delivered nothing since then. */
static __always_inline bool failed_before(struct trouble *trouble, const struct sock *ssk)
{
	const struct leftover *leftover = leftover_of(trouble, ssk);

	return leftover && leftover->delivered == READ(struct tcp_sock, ssk, delivered);
}

/*
 * The first subflow of a connection outlives its end, as a socket without addresses, whose sequence
 * numbers mean nothing (tcp_disconnect(), called by __mptcp_close_ssk()).
 */
static __always_inline bool is_disconnected(const struct sock *ssk)
{
	return !READ(struct sock, ssk, __sk_common.skc_dport);
}

/* Whether data of the connection waits for this subflow: no SYN of a join does. */
static __always_inline bool holds_data(const struct mptcp_sock *msk, struct trouble *trouble,
				       const struct sock *ssk,
				       const struct mptcp_subflow_context *context)
{
	return !is_disconnected(ssk) && subflow_outstanding(ssk) && !unfinished_join(context) &&
	       !only_leftovers(msk, trouble, ssk);
}

struct stalled_walk {
	struct subflow_walk subflows;
	const struct mptcp_sock *msk;
	const struct sock *ssk; /* the one that has made no progress for longest */
	__u64 progress_ns;
};

static long compare_progress(__u64 index, struct stalled_walk *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);
	__u64 progress_ns;

	if (!ssk)
		return 1;
	if (!holds_data(walk->msk, trouble_of(walk->msk), ssk, walk->subflows.context))
		return 0;
	progress_ns = subflow_progress_ns(ssk);
	if (!walk->ssk || progress_ns < walk->progress_ns) {
		walk->ssk = ssk;
		walk->progress_ns = progress_ns;
	}
	return 0;
}

static __always_inline const struct sock *find_stalled(const struct mptcp_sock *msk)
{
	struct stalled_walk walk = { .subflows = walk_subflows(msk), .msk = msk };

	bpf_loop(SUBFLOWS_MAX, compare_progress, &walk, 0);
	return walk.ssk;
}

struct latest_walk {
	struct subflow_walk subflows;
	const struct sock *except;
	__u64 progress_ns;
};

static long compare_latest(__u64 index, struct latest_walk *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);
	__u64 progress_ns;

	if (!ssk)
		return 1;
	progress_ns = ssk == walk->except ? 0 : subflow_progress_ns(ssk);
	if (progress_ns > walk->progress_ns)
		walk->progress_ns = progress_ns;
	return 0;
}

static __always_inline __u64 latest_progress_of_others(const struct mptcp_sock *msk,
						       const struct sock *ssk)
{
	struct latest_walk walk = { .subflows = walk_subflows(msk), .except = ssk };

	bpf_loop(SUBFLOWS_MAX, compare_latest, &walk, 0);
	return walk.progress_ns;
}

static __always_inline __u64 latest_progress(const struct mptcp_sock *msk)
{
	return latest_progress_of_others(msk, NULL);
}

/*
 * Since when the connection stands still. A subflow that has failed before may never have made
 * progress again, while the data went over the others: then theirs counts, and the last
 * acknowledgement that was noted in trouble, since what is sent again can be acknowledged bit by
 * bit, each a failover of its own.
 */
static __always_inline __u64 connection_progress_ns(const struct mptcp_sock *msk,
						    struct trouble *trouble, const struct sock *ssk)
{
	__u64 progress_ns = subflow_progress_ns(ssk), others_ns;

	if (progress_ns < trouble->acked_ns)
		progress_ns = trouble->acked_ns;
	if (!failed_before(trouble, ssk))
		return progress_ns;
	others_ns = latest_progress_of_others(msk, ssk);
	return progress_ns > others_ns ? progress_ns : others_ns;
}

/*
 * The same, but for data that has been waiting for longer already: it was sent again, on a subflow
 * that died meanwhile and has not been waiting for more than that copy.
 */
static __always_inline __u64 waiting_since_ns(const struct mptcp_sock *msk, struct trouble *trouble,
					      __u64 progress_ns)
{
	__u64 snd_una = READ(struct mptcp_sock, msk, snd_una);

	if (trouble->waiting_data_seq == snd_una && trouble->waiting_since_ns &&
	    trouble->waiting_since_ns < progress_ns)
		return trouble->waiting_since_ns;
	trouble->waiting_data_seq = snd_una;
	trouble->waiting_since_ns = progress_ns;
	return progress_ns;
}

#endif /* PROGRESS_BPF_H */
