/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failovers: data was outstanding on a subflow that made no progress, and MPTCP sent it again on
 * another one.
 *
 * The kernel notices in two places: its MPTCP-level retransmission timer (__mptcp_retrans()), and
 * the end of a subflow (mptcp_close_ssk()). There the connection becomes suspect. It is a failover
 * once data that was sent before is sent again on another subflow (mptcp_sendmsg_frag()), and it is
 * over with the first new acknowledgement at MPTCP level (__mptcp_data_acked()). The last two run
 * often, so they look no further than a counter unless some connection is suspect or failing over.
 */
#ifndef FAILOVER_BPF_H
#define FAILOVER_BPF_H

#include "fallback.bpf.h"
#include "link.bpf.h"
#include "progress.bpf.h"
#include "record.bpf.h"
#include "stale.bpf.h"
#include "subflows.bpf.h"
#include "trouble.bpf.h"

enum failover_state {
	FAILOVER_NONE,
	FAILOVER_TIMER,	    /* the timer fired, and no subflow has failed */
	FAILOVER_SUSPECTED, /* no progress; nothing sent again yet */
	FAILOVER_PENDING,   /* sent again, and told; not acknowledged yet */
};

static __always_inline void set_state(struct failover *failover, enum failover_state state)
{
	/* Acknowledgements come without the lock of those who send. */
	__u32 was = __sync_lock_test_and_set(&failover->state, state);

	count_trouble(was != FAILOVER_NONE, state != FAILOVER_NONE);
}

/* Something is outstanding, on this subflow, and the kernel is about to do something about it. */
static __noinline void suspect(struct trouble *trouble, const struct mptcp_sock *msk,
			       const struct sock *ssk, enum watch_cause cause, __u64 progress_ns)
{
	struct failover *failover = &trouble->failover;

	failover->from_ssk = (__u64)ssk;
	failover->to_ssk = 0;
	failover->cause = cause;
	failover->progress_ns = waiting_since_ns(msk, trouble, progress_ns);
	failover->noticed_ns = bpf_ktime_get_ns();
	failover->snd_una = READ(struct mptcp_sock, msk, snd_una);
	failover->snd_nxt = READ(struct mptcp_sock, msk, snd_nxt);
	failover->from_data_seq = failover->snd_nxt;
	failover->outstanding = failover->snd_nxt - failover->snd_una;
	failover->reinjected = 0;
	fill_subflow(&failover->from, ssk);
	__builtin_memset(&failover->to, 0, sizeof(failover->to));
	set_state(failover, FAILOVER_SUSPECTED);
}

/*
 * Sent, and not acknowledged by the peer's MPTCP. A connection that fell back has TCP's care only.
 */
static __always_inline bool data_outstanding(const struct mptcp_sock *msk)
{
	return READ(struct mptcp_sock, msk, snd_una) != READ(struct mptcp_sock, msk, snd_nxt) &&
	       !is_fallback(msk);
}

static __always_inline enum watch_cause cause_of_loss(const struct sock *ssk)
{
	const struct mptcp_subflow_context *context = context_of(ssk);

	if (link_is_down(ssk))
		return WATCH_CAUSE_LINK;
	if (READ_BITS(struct mptcp_subflow_context, context, stale))
		return WATCH_CAUSE_STALE;
	return WATCH_CAUSE_LOSS;
}

/*
 * The timer is set by what is left of those of the subflows, and can fire just after an
 * acknowledgement. What is sent again then is sent again too early: a subflow that has not had half
 * its time to answer (__tcp_set_rto(), without backoff) has not failed.
 */
static __always_inline bool fired_early(const struct sock *ssk)
{
	__u64 rto_us = (READ(struct tcp_sock, ssk, srtt_us) >> 3) +
		       READ(struct tcp_sock, ssk, rttvar_us);

	return bpf_ktime_get_ns() - subflow_progress_ns(ssk) < rto_us * NSEC_PER_USEC / 2;
}

/* Of a jiffy, set before load. */
const volatile __u64 tick_ns;

/*
 * Since when the connection stands still, when the timer fires. A path that died while nothing was
 * sent takes nothing: TCP has no time then of when it was given the data. But MPTCP started its
 * timer with it.
 */
static __always_inline __u64 progress_by_timer_ns(const struct mptcp_sock *msk,
						  struct trouble *trouble, const struct sock *ssk)
{
	__u64 progress_ns = connection_progress_ns(msk, trouble, ssk);
	__u64 started_ns = bpf_ktime_get_ns() - READ(struct mptcp_sock, msk, timer_ival) * tick_ns;

	if (!READ(struct tcp_sock, ssk, packets_out) && started_ns > progress_ns)
		return started_ns;
	return progress_ns;
}

/* The retransmission timer fired, or the worker looks after the timer when it had to wait. */
SEC("?fentry/__mptcp_retrans")
int BPF_PROG(retrans_begins, struct sock *sk)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	const struct sock *stalled;
	struct trouble *trouble;
	enum watch_cause cause;

	if (!data_outstanding(msk))
		return 0;
	trouble = make_trouble(msk);
	if (!trouble || trouble->failover.state != FAILOVER_NONE)
		return 0;
	trouble->failover.snd_nxt = READ(struct mptcp_sock, msk, snd_nxt);
	set_state(&trouble->failover, FAILOVER_TIMER);
	stalled = find_stalled(msk);
	if (!stalled) {
		/* TCP has an acknowledgement of it all, and MPTCP's was lost. */
		waiting_since_ns(msk, trouble, latest_progress(msk));
		return 0;
	}
	cause = cause_of_loss(stalled);
	if (cause == WATCH_CAUSE_LOSS && fired_early(stalled))
		return 0;
	suspect(trouble, msk, stalled, cause, progress_by_timer_ns(msk, trouble, stalled));
	return 0;
}

/*
 * A suspicion of the timer's ends with it, when nothing was sent again: no other subflow was free.
 */
static __always_inline void end_suspicion(struct failover *failover)
{
	bool closed = failover->cause == WATCH_CAUSE_CLOSED ||
		      failover->cause == WATCH_CAUSE_REMOVED;

	if (failover->state == FAILOVER_TIMER || (failover->state == FAILOVER_SUSPECTED && !closed))
		set_state(failover, FAILOVER_NONE);
}

SEC("?fexit/__mptcp_retrans")
int BPF_PROG(retrans_ended, struct sock *sk)
{
	struct trouble *trouble = trouble_of(sk);

	if (trouble)
		end_suspicion(&trouble->failover);
	tell_stale_changes((struct mptcp_sock *)sk);
	return 0;
}

/* A subflow ends with data on it, which is sent again as soon as there is another subflow. */
SEC("?fentry/mptcp_close_ssk")
int BPF_PROG(subflow_closes, struct sock *sk, struct sock *ssk,
	     struct mptcp_subflow_context *context)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	struct trouble *trouble;
	bool failed;

	if (!data_outstanding(msk) || !holds_data(msk, trouble_of(msk), ssk, context))
		return 0;
	trouble = make_trouble(msk);
	if (!trouble || trouble->failover.state != FAILOVER_NONE)
		return 0;
	/* One that is closed in order is not there yet. */
	failed = READ(struct sock, ssk, __sk_common.skc_state) == TCP_CLOSE ||
		 READ(struct sock, ssk, sk_err) ||
		 READ_BITS(struct mptcp_subflow_context, context, reset_seen);
	suspect(trouble, msk, ssk, failed ? WATCH_CAUSE_CLOSED : WATCH_CAUSE_REMOVED,
		connection_progress_ns(msk, trouble, ssk));
	return 0;
}

static __always_inline void fill_failover(struct watch_record *record,
					  const struct failover *failover)
{
	record->subflow = failover->from;
	record->failover.to = failover->to;
	record->failover.cause = failover->cause;
	record->failover.outstanding = failover->outstanding;
}

static __always_inline void tell_failover(const struct mptcp_sock *msk,
					  const struct failover *failover)
{
	struct watch_record *record = reserve_event(WATCH_FAILOVER, msk, connection_of(msk));

	if (!record)
		return;
	fill_failover(record, failover);
	record->failover.last_progress_ns = record->mono_ns - failover->progress_ns;
	record->failover.noticed_ns = record->mono_ns - failover->noticed_ns;
	submit_record(record);
}

/* Data that was sent before went out again, on this subflow. */
static __always_inline void sent_again(const struct mptcp_sock *msk, struct failover *failover,
				       const struct sock *ssk, __u32 sent)
{
	failover->reinjected += sent;
	if (failover->from_ssk == (__u64)ssk || failover->to_ssk == (__u64)ssk)
		return;
	/* The subflow that took over may die as well: the one that resumes is the last. */
	failover->to_ssk = (__u64)ssk;
	fill_subflow(&failover->to, ssk);
	if (failover->state == FAILOVER_PENDING)
		return;
	set_state(failover, FAILOVER_PENDING);
	tell_failover(msk, failover);
}

/*
 * Data goes out on a subflow: again, if it lies below what had been sent when trouble was noticed.
 */
SEC("?fexit/mptcp_sendmsg_frag")
int BPF_PROG(data_sent, struct sock *sk, struct sock *ssk, struct mptcp_data_frag *dfrag,
	     struct mptcp_sendmsg_info *info, int sent)
{
	struct connection *connection;
	struct failover *failover;
	struct trouble *trouble;
	__u64 data_seq;

	if (!troubled || sent <= 0)
		return 0;
	trouble = trouble_of(sk);
	connection = connection_of(sk);
	if (!trouble || !connection)
		return 0;
	/* Before it sends, the kernel takes back subflows that have recovered. */
	if (trouble->n_stale)
		tell_stale_changes((struct mptcp_sock *)sk);
	failover = &trouble->failover;
	if (failover->state == FAILOVER_NONE)
		return 0;
	data_seq = dfrag->data_seq + info->sent;
	if ((__s64)(data_seq - failover->snd_nxt) >= 0) {
		if (failover->from_ssk == (__u64)ssk)
			failover->from_data_seq = data_seq + sent;
		return 0;
	}
	connection->bytes_retrans += sent;
	note_copy(trouble, ssk, data_seq + sent, sent);
	if (failover->state != FAILOVER_TIMER)
		sent_again((struct mptcp_sock *)sk, failover, ssk, sent);
	return 0;
}

static __always_inline void tell_resumed(const struct mptcp_sock *msk,
					 const struct failover *failover)
{
	struct watch_record *record = reserve_event(WATCH_RESUMED, msk, connection_of(msk));

	if (!record)
		return;
	fill_failover(record, failover);
	record->failover.outage_ns = record->mono_ns - failover->progress_ns;
	record->failover.reinjected = failover->reinjected;
	submit_record(record);
}

static __always_inline void acknowledged(const struct mptcp_sock *msk, struct trouble *trouble)
{
	struct failover *failover = &trouble->failover;

	if (failover->state < FAILOVER_SUSPECTED ||
	    READ(struct mptcp_sock, msk, snd_una) == failover->snd_una)
		return;
	if (failover->state == FAILOVER_PENDING) {
		tell_resumed(msk, failover);
		note_leftover(trouble, (const struct sock *)failover->from_ssk,
			      failover->from_data_seq);
	}
	set_state(failover, FAILOVER_NONE);
}

/* The peer's MPTCP has acknowledged something new; or, after a fallback, any packet came. */
SEC("?fentry/__mptcp_data_acked")
int BPF_PROG(data_acked, struct sock *sk)
{
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;
	struct trouble *trouble;

	notice_fallback(msk);
	if (!troubled)
		return 0;
	trouble = trouble_of(msk);
	if (!trouble)
		return 0;
	acknowledged(msk, trouble);
	trouble->acked_ns = bpf_ktime_get_ns();
	if (trouble->n_stale)
		tell_stale_changes(msk);
	return 0;
}

/* The connection ends: returns whether a failover had not resumed. */
static __always_inline bool end_trouble(const struct mptcp_sock *msk)
{
	struct trouble *trouble = trouble_of(msk);
	bool pending;

	if (!trouble)
		return false;
	pending = trouble->failover.state == FAILOVER_PENDING;
	set_state(&trouble->failover, FAILOVER_NONE);
	count_trouble(trouble->n_stale, false);
	forget_trouble(msk);
	return pending;
}

#endif /* FAILOVER_BPF_H */
