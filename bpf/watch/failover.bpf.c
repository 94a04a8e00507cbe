// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failovers: data was outstanding on a subflow that made no progress, and MPTCP reinjected it on
 * another one.
 *
 * The kernel notices in two places: its MPTCP-level retransmission timer (__mptcp_retrans()), and
 * the end of a subflow (mptcp_close_ssk()). There, a failover is suspected. It begins when data
 * that was sent before is sent on another subflow (mptcp_sendmsg_frag()), and ends with the first
 * new acknowledgement at MPTCP level (__mptcp_data_acked()). The last two functions run often, so
 * their programs return at once for connections without path state.
 *
 * All but the acknowledgements run with the lock of the MPTCP socket held, and therefore one at a
 * time.
 */

#include "failover.bpf.h"
#include "fallback.bpf.h"
#include "netdev.bpf.h"
#include "path_state.bpf.h"
#include "progress.bpf.h"
#include "record.bpf.h"
#include "stale.bpf.h"
#include "subflows.bpf.h"
#include "untracked.bpf.h"

/* Data is outstanding on this subflow, and the kernel is about to react. */
static __noinline void suspect_failover(struct path_state *paths, const struct mptcp_sock *msk,
					const struct sock *ssk, enum watch_cause cause)
{
	struct failover *failover = &paths->failover;

	failover->from_id = subflow_id(ssk);
	failover->to_id = 0;
	failover->cause = cause;
	failover->progress_ns = paths->progress_ns;
	failover->noticed_ns = bpf_ktime_get_ns();
	failover->snd_una = READ(struct mptcp_sock, msk, snd_una);
	failover->outstanding = READ(struct mptcp_sock, msk, snd_nxt) - failover->snd_una;
	failover->reinjected = 0;
	fill_subflow(&failover->from, ssk);
	__builtin_memset(&failover->to, 0, sizeof(failover->to));
	set_state(paths, FAILOVER_SUSPECTED);
}

/*
 * Whether data was sent that the peer's MPTCP has not acknowledged. A connection that fell back
 * relies on TCP alone.
 */
static __always_inline bool data_outstanding(const struct mptcp_sock *msk)
{
	return READ(struct mptcp_sock, msk, snd_una) != READ(struct mptcp_sock, msk, snd_nxt) &&
	       !is_fallback(msk);
}

static __always_inline enum watch_cause cause_of_loss(const struct sock *ssk)
{
	const struct mptcp_subflow_context *context = context_of(ssk);

	if (netdev_is_down(ssk))
		return WATCH_CAUSE_LINK;
	if (READ_BITS(struct mptcp_subflow_context, context, stale))
		return WATCH_CAUSE_STALE;
	return WATCH_CAUSE_LOSS;
}

/*
 * The timer is set to the remaining time of the subflows' timers, and can fire just after an
 * acknowledgement. Data is then reinjected too early: a subflow that has not had half of its
 * timeout (__tcp_set_rto(), without backoff) has not failed.
 */
static __always_inline bool fired_early(const struct sock *ssk, __u64 progress_ns)
{
	__u64 rto_us = (READ(struct tcp_sock, ssk, srtt_us) >> 3) +
		       READ(struct tcp_sock, ssk, rttvar_us);

	return bpf_ktime_get_ns() - progress_ns < rto_us * NSEC_PER_USEC / 2;
}

/* The length of a jiffy, set before load. */
const volatile __u64 tick_ns;

/*
 * The last progress of a connection without path state, when the timer fires. A path that fails
 * while idle accepts no data: TCP then has no time at which it was given the data, but MPTCP
 * started its timer at that moment. If no subflow holds data, TCP has acknowledged everything, and
 * MPTCP's acknowledgement was lost.
 */
static __always_inline __u64 progress_by_timer_ns(const struct mptcp_sock *msk,
						  const struct subflows_progress *progress)
{
	__u64 started_ns = bpf_ktime_get_ns() - READ(struct mptcp_sock, msk, timer_ival) * tick_ns;
	const struct sock *stalled = progress->stalled;

	if (!stalled)
		return progress->latest_ns;
	if (!READ(struct tcp_sock, stalled, packets_out) && started_ns > progress->stalled_ns)
		return started_ns;
	return progress->stalled_ns;
}

/* The retransmission timer fired, or the worker runs on its behalf after it had to wait. */
SEC("?fentry/__mptcp_retrans")
int BPF_PROG(retrans_start, struct sock *sk)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	struct path_state *paths = path_state_of(sk);
	struct subflows_progress progress;
	enum watch_cause cause;

	if (!data_outstanding(msk) || (paths && paths->failover.state != FAILOVER_NONE))
		return 0;
	progress = find_stalled(msk, paths);
	if (!paths)
		paths = begin_path_state(msk, progress_by_timer_ns(msk, &progress));
	if (!paths)
		return 0;
	set_state(paths, FAILOVER_TIMER);
	if (!progress.stalled)
		return 0;
	cause = cause_of_loss(progress.stalled);
	if (cause == WATCH_CAUSE_LOSS && fired_early(progress.stalled, progress.stalled_ns))
		return 0;
	suspect_failover(paths, msk, progress.stalled, cause);
	return 0;
}

/*
 * A suspicion that the timer raised ends with it if nothing was reinjected, because no other
 * subflow was available.
 */
static __always_inline void end_suspicion(struct path_state *paths)
{
	struct failover *failover = &paths->failover;
	bool closed = failover->cause == WATCH_CAUSE_CLOSED ||
		      failover->cause == WATCH_CAUSE_REMOVED;

	bpf_spin_lock(&paths->lock);
	if (failover->state == FAILOVER_TIMER || (failover->state == FAILOVER_SUSPECTED && !closed))
		failover->state = FAILOVER_NONE;
	bpf_spin_unlock(&paths->lock);
}

/*
 * No failover, no stale subflow, and nothing was sent twice: TCP knows as much about this
 * connection. Its packets need not be followed any longer.
 */
static __always_inline bool is_dispensable(const struct path_state *paths)
{
	return paths->failover.state == FAILOVER_NONE && !paths->n_stale && !paths->copied;
}

SEC("?fexit/__mptcp_retrans")
int BPF_PROG(retrans_end, struct sock *sk)
{
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;
	struct path_state *paths = path_state_of(sk);

	if (paths)
		end_suspicion(paths);
	else if (any_stale(msk))
		paths = begin_path_state(msk, find_stalled(msk, NULL).latest_ns);
	if (!paths)
		return 0;
	emit_stale_changes(msk, paths);
	if (is_dispensable(paths))
		forget_path_state(msk);
	return 0;
}

/* A subflow ends with data on it, which is reinjected as soon as there is another subflow. */
SEC("?fentry/mptcp_close_ssk")
int BPF_PROG(subflow_close, struct sock *sk, struct sock *ssk,
	     struct mptcp_subflow_context *context)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	struct path_state *paths = path_state_of(sk);
	bool failed;

	if (!data_outstanding(msk) || !holds_data(msk, paths, ssk, context) ||
	    (paths && paths->failover.state != FAILOVER_NONE))
		return 0;
	if (!paths)
		paths = begin_path_state(msk, tcp_progress_ns(ssk));
	if (!paths)
		return 0;
	/* A subflow that is closed in an orderly way has none of these yet. */
	failed = READ(struct sock, ssk, __sk_common.skc_state) == TCP_CLOSE ||
		 READ(struct sock, ssk, sk_err) ||
		 READ_BITS(struct mptcp_subflow_context, context, reset_seen);
	suspect_failover(paths, msk, ssk, failed ? WATCH_CAUSE_CLOSED : WATCH_CAUSE_REMOVED);
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

/* The suspicion becomes a failover to this subflow. Returns false if it had ended. */
static __always_inline bool begin_failover(struct path_state *paths, __u64 to_id,
					   const struct watch_subflow *to)
{
	struct failover *failover = &paths->failover;
	bool begins;

	bpf_spin_lock(&paths->lock);
	begins = failover->state == FAILOVER_SUSPECTED;
	if (begins) {
		failover->to_id = to_id;
		failover->to = *to;
		failover->state = FAILOVER_PENDING;
	}
	bpf_spin_unlock(&paths->lock);
	return begins;
}

/*
 * Reserves first, because records are in the order of their reservation, and `resumed` can follow
 * as soon as the state allows it. The contents change only under the socket's lock, which is held
 * here.
 */
static __always_inline void emit_failover(const struct mptcp_sock *msk, struct path_state *paths,
					  __u64 to_id, const struct watch_subflow *to)
{
	const struct connection *connection = connection_of(msk);
	struct watch_record *record = reserve_event(WATCH_FAILOVER, msk, connection);
	const struct failover *failover = &paths->failover;

	if (!record) {
		/*
		 * Otherwise the compiler tests the record a second time, which the verifier of
		 * Linux 6.1 does not follow.
		 */
		barrier();
		if (begin_failover(paths, to_id, to))
			count_if_untracked(WATCH_FAILOVER, msk, connection);
		return;
	}
	if (!begin_failover(paths, to_id, to)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		return;
	}
	fill_failover(record, failover);
	record->failover.last_progress_ns = record->mono_ns - failover->progress_ns;
	record->failover.noticed_ns = record->mono_ns - failover->noticed_ns;
	submit_record(record);
}

/* Data that was sent before was reinjected on this subflow. */
static __always_inline void note_reinjected(const struct mptcp_sock *msk, struct path_state *paths,
					    const struct sock *ssk, __u32 sent)
{
	struct failover *failover = &paths->failover;
	__u64 id = subflow_id(ssk);
	struct watch_subflow to;

	__sync_fetch_and_add(&failover->reinjected, sent);
	if (failover->from_id == id || failover->to_id == id)
		return;
	fill_subflow(&to, ssk);
	if (failover->state == FAILOVER_SUSPECTED) {
		emit_failover(msk, paths, id, &to);
		return;
	}
	/* The subflow that took over may fail as well: the last one counts. */
	bpf_spin_lock(&paths->lock);
	failover->to_id = id;
	failover->to = to;
	bpf_spin_unlock(&paths->lock);
}

/* Data is sent on a subflow. It is reinjected data if it lies below snd_nxt. */
SEC("?fexit/mptcp_sendmsg_frag")
int BPF_PROG(data_sent, struct sock *sk, struct sock *ssk, struct mptcp_data_frag *dfrag,
	     struct mptcp_sendmsg_info *info, int sent)
{
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;
	struct connection *connection;
	struct path_state *paths;
	__u64 data_seq;

	if (sent <= 0)
		return 0;
	paths = path_state_of(sk);
	if (!paths)
		return 0;
	/* Before sending, the kernel clears the stale mark of subflows that have recovered. */
	if (paths->n_stale)
		emit_stale_changes(msk, paths);
	data_seq = dfrag->data_seq + info->sent;
	note_sent(msk, paths, ssk, data_seq + sent, sent);
	if ((__s64)(data_seq - READ(struct mptcp_sock, msk, snd_nxt)) >= 0) {
		if (data_seq == READ(struct mptcp_sock, msk, snd_una))
			paths->progress_ns = bpf_ktime_get_ns();
		return 0;
	}
	paths->copied = true;
	connection = connection_of(sk);
	if (connection)
		connection->bytes_retrans += sent;
	if (paths->failover.state >= FAILOVER_SUSPECTED)
		note_reinjected(msk, paths, ssk, sent);
	return 0;
}

static __always_inline void emit_resumed(const struct mptcp_sock *msk,
					 const struct failover *failover)
{
	const struct connection *connection = connection_of(msk);
	struct watch_record *record = reserve_event(WATCH_RESUMED, msk, connection);

	if (!record) {
		count_if_untracked(WATCH_RESUMED, msk, connection);
		return;
	}
	fill_failover(record, failover);
	record->failover.outage_ns = record->mono_ns - failover->progress_ns;
	record->failover.reinjected = failover->reinjected;
	submit_record(record);
}

/*
 * Ends the failover, or the suspicion. Works on a copy, because a new one may begin as soon as this
 * one is over.
 */
static __noinline void end_failover(const struct mptcp_sock *msk, struct path_state *paths)
{
	__u64 snd_una = READ(struct mptcp_sock, msk, snd_una);
	struct failover over = {};

	bpf_spin_lock(&paths->lock);
	if (paths->failover.state >= FAILOVER_SUSPECTED && paths->failover.snd_una != snd_una) {
		over = paths->failover;
		paths->failover.state = FAILOVER_NONE;
	}
	bpf_spin_unlock(&paths->lock);
	if (over.state == FAILOVER_PENDING)
		emit_resumed(msk, &over);
}

/* The peer's MPTCP has acknowledged new data; after a fallback, this runs for every packet. */
SEC("?fentry/__mptcp_data_acked")
int BPF_PROG(data_acked, struct sock *sk)
{
	struct mptcp_sock *msk = (struct mptcp_sock *)sk;
	struct path_state *paths;

	detect_fallback(msk);
	paths = path_state_of(sk);
	if (!paths)
		return 0;
	if (paths->failover.state >= FAILOVER_SUSPECTED)
		end_failover(msk, paths);
	paths->progress_ns = bpf_ktime_get_ns();
	if (paths->n_stale)
		emit_stale_changes(msk, paths);
	return 0;
}
