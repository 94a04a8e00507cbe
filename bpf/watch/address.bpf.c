// SPDX-License-Identifier: GPL-2.0-only
/* Addresses that the peer announces and withdraws. */

#include "connection.bpf.h"
#include "record.bpf.h"
#include "untracked.bpf.h"

SEC("?fentry/mptcp_event_addr_announced")
int BPF_PROG(addr_announced, struct sock *ssk, const struct mptcp_addr_info *info)
{
	const struct mptcp_sock *msk = msk_of(ssk);
	const struct connection *connection;
	struct watch_record *record;

	if (!msk)
		return 0;
	connection = connection_of(msk);
	if (!connection && filters_owners() && is_untracked_subflow(ssk))
		count_untracked(WATCH_ANNOUNCED);
	record = reserve_event(WATCH_ANNOUNCED, msk, connection);
	if (!record)
		return 0;
	record->subflow.rem_id = info->id;
	record->subflow.family = info->family;
	record->subflow.dport = info->port;
	if (!info->port)
		record->subflow.dport = ssk->__sk_common.skc_dport;
	fill_address(record->subflow.daddr, info);
	submit_record(record);
	return 0;
}

SEC("?fentry/mptcp_event_addr_removed")
int BPF_PROG(addr_removed, struct mptcp_sock *msk, __u8 id)
{
	const struct connection *connection = connection_of(msk);
	struct watch_record *record;

	count_if_untracked(WATCH_REMOVED, msk, connection);
	record = reserve_event(WATCH_REMOVED, msk, connection);
	if (!record)
		return 0;
	record->subflow.rem_id = id;
	submit_record(record);
	return 0;
}
