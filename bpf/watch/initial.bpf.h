/* SPDX-License-Identifier: GPL-2.0-only */
/* A connection that was already open when mptcp-watch started. */
#ifndef INITIAL_BPF_H
#define INITIAL_BPF_H

#include "fallback.bpf.h"
#include "listeners.bpf.h"
#include "subflows.bpf.h"
#include "tokens.bpf.h"

/* False with --no-initial: such connections are tracked, but not reported. */
const volatile bool emit_initial;

struct initial_walk {
	struct subflow_walk subflows;
	struct mptcp_sock *msk;
};

/* Reports all subflows but the first, whose addresses are those of the connection. */
static long emit_initial_subflow(__u64 index, struct initial_walk *walk)
{
	const struct sock *ssk = next_subflow(&walk->subflows);
	struct connection *connection = connection_of(walk->msk);
	struct watch_record *record;

	if (!ssk || !connection)
		return 1;
	if (unfinished_join(walk->subflows.context))
		return 0;
	connection->subflows++;
	connection->subflows_max = connection->subflows;
	if (!emit_initial || !BPF_CORE_READ_BITFIELD_PROBED(walk->subflows.context, mp_join))
		return 0;
	record = reserve_event(WATCH_SUB_ESTABLISHED, walk->msk, connection);
	if (!record)
		return 0;
	record->flags |= WATCH_INITIAL;
	fill_subflow(&record->subflow, ssk);
	submit_record(record);
	return 0;
}

static __always_inline void emit_initial_connection(struct mptcp_sock *msk,
						    struct connection *connection)
{
	struct initial_walk walk = { .subflows = walk_subflows(msk), .msk = msk };
	bool fell_back = is_fallback(msk);
	struct watch_record *record;

	connection->token = BPF_CORE_READ(msk, token);
	connection->netns = netns_of((const struct sock *)msk);
	connection->first_write_seq = BPF_CORE_READ(msk, write_seq);
	connection->first_ack_seq = BPF_CORE_READ(msk, ack_seq);
	connection->server_side = BPF_CORE_READ(msk, pm.server_side);
	fill_addresses(&connection->addresses, (const struct sock *)msk);
	begin_connection(connection, READ(struct sock, msk, __sk_common.skc_num));
	/* If it is closed, or shut down in both directions, it needs no further joins. */
	if (READ(struct sock, msk, sk_shutdown) != SHUTDOWN_MASK)
		count_connection(connection);
	remember_token(msk, connection->token);
	connection->subflows = 0;
	connection->fell_back = fell_back;
	if (emit_initial) {
		record = reserve_event(fell_back ? WATCH_FALLBACK : WATCH_ESTABLISHED, msk,
				       connection);
		if (record) {
			record->flags |= WATCH_INITIAL;
			record->subflow = connection->addresses;
			submit_record(record);
		}
	}
	bpf_loop(SUBFLOWS_MAX, emit_initial_subflow, &walk, 0);
}

#endif /* INITIAL_BPF_H */
