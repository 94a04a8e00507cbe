// SPDX-License-Identifier: GPL-2.0-only
/* The end of a connection. */

#include "connection.bpf.h"
#include "failover.bpf.h"
#include "fallback.bpf.h"
#include "listeners.bpf.h"
#include "record.bpf.h"
#include "spare.bpf.h"
#include "tokens.bpf.h"
#include "untracked.bpf.h"

/*
 * shutdown() or close(): the DATA_FIN is next in the sequence. Only for kernels that do not count
 * bytes.
 */
SEC("?fentry/__mptcp_wr_shutdown")
int BPF_PROG(data_fin, struct sock *sk)
{
	struct connection *connection = connection_of(sk);

	if (connection)
		connection->data_fin = true;
	return 0;
}

/*
 * Computes the payload from sequence numbers, minus one for each DATA_FIN that was sent or
 * received.
 */
static __always_inline void count_bytes(struct watch_closed *closed, const struct mptcp_sock *msk,
					const struct connection *connection)
{
	__u64 snd_nxt = READ(struct mptcp_sock, msk, snd_nxt);
	__u64 ack_seq = READ(struct mptcp_sock, msk, ack_seq);

	closed->bytes_sent = snd_nxt - connection->first_write_seq;
	if (connection->data_fin && snd_nxt == READ(struct mptcp_sock, msk, write_seq))
		closed->bytes_sent--;
	closed->bytes_received = ack_seq - connection->first_ack_seq;
	if (ack_seq == READ(struct mptcp_sock, msk, rcv_data_fin_seq) + 1)
		closed->bytes_received--;
}

static __always_inline void fill_closed(struct watch_record *record, const struct mptcp_sock *msk,
					const struct connection *connection, bool pending)
{
	struct watch_closed *closed = &record->closed;

	if (pending)
		record->flags |= WATCH_PENDING;
	if (connection->fell_back || is_fallback(msk))
		record->flags |= WATCH_FELL_BACK;
	if (connection->created_ns) {
		record->flags |= WATCH_HAS_DURATION;
		closed->duration_ns = record->mono_ns - connection->created_ns;
	}
	closed->subflows_max = connection->subflows_max;
	if (counts_bytes(msk)) {
		closed->bytes_sent = msk->bytes_sent;
		closed->bytes_received = msk->bytes_received;
		closed->bytes_retrans = msk->bytes_retrans;
	} else {
		count_bytes(closed, msk, connection);
	}
	if (connection->bytes_retrans > closed->bytes_retrans)
		closed->bytes_retrans = connection->bytes_retrans;
}

/* Reports the end once: afterwards, the connection is not in the table. */
static __noinline void end_connection(struct mptcp_sock *msk)
{
	struct connection *connection = connection_of(msk);
	bool pending = end_path_state(msk);
	struct watch_record *record;

	if (!connection) {
		count_lost_end(msk, is_fallback(msk));
		return;
	}
	uncount_connection(connection);
	if (!connection->reported && !connection->fell_back) {
		/* Its start was not reported, because the table was full. */
		count_lost_end(msk, is_fallback(msk));
		forget_connection(msk);
		return;
	}
	unmark(msk);
	detect_fallback(msk);
	record = reserve_event(WATCH_CLOSED, msk, connection);
	if (record) {
		/* A connection that fell back at its SYN+ACK never became an MPTCP connection. */
		if (connection->reported)
			record->subflow = connection->addresses;
		else
			fill_addresses(&record->subflow, socket_with_addresses(msk));
		fill_closed(record, msk, connection, pending);
		submit_record(record);
	}
	forget_token(connection->token);
	forget_connection(msk);
}

static __always_inline void handle_destroy(enum spare program, struct mptcp_sock *msk)
{
	if (connection_of(msk))
		count_taken_over(program, SPARED_DESTROY);
	end_connection(msk);
}

/*
 * The last function of every connection, including one that the peer reset, for which the kernel
 * has no event.
 */
SEC("?fentry/mptcp_destroy_common")
int BPF_PROG(destroy_third, struct mptcp_sock *msk)
{
	handle_destroy(THIRD, msk);
	return 0;
}

SEC("?fentry/mptcp_destroy_common")
int BPF_PROG(destroy_second, struct mptcp_sock *msk)
{
	handle_destroy(SECOND, msk);
	return 0;
}

SEC("?fentry/mptcp_destroy_common")
int BPF_PROG(destroy, struct mptcp_sock *msk)
{
	handle_destroy(FIRST, msk);
	return 0;
}
