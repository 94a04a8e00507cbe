// SPDX-License-Identifier: GPL-2.0-only
/* Listeners are created and closed: see listeners.bpf.h. */

#include "connection.bpf.h"
#include "filter.bpf.h"
#include "listeners.bpf.h"
#include "record.bpf.h"
#include "spare.bpf.h"

/*
 * Returns the number of connections that can no longer be joined, if this was the last listener on
 * its port.
 */
static __always_inline __u32 uncount_listener(const void *msk, __u32 netns, __u16 port)
{
	struct server_port key = { .netns = netns, .port = port };
	struct port_use *use = bpf_map_lookup_elem(&ports, &key);
	__u64 id = (__u64)msk;
	bool counted = !bpf_map_delete_elem(&listening, &id);

	if (!use || (counted ? __sync_fetch_and_sub(&use->listeners, 1) > 1 : use->listeners))
		return 0;
	if (use->connections)
		return use->connections;
	bpf_map_delete_elem(&ports, &key);
	return 0;
}

static __noinline void handle_listener_event(const struct sock *ssk, enum mptcp_event_type type)
{
	bool closed = type == MPTCP_EVENT_LISTENER_CLOSED;
	enum watch_event event = closed ? WATCH_LISTENER_CLOSED : WATCH_LISTENER_CREATED;
	const struct mptcp_sock *msk = msk_of(ssk);
	struct connection *connection = msk ? connection_of(msk) : NULL;
	/* Not skc_num, which is already 0 when a listener with an automatic port is closed. */
	__u16 port = bpf_ntohs(READ(struct inet_sock, ssk, inet_sport));
	__u32 netns = netns_of(ssk), connections = 0;
	struct watch_record *record;

	if (!closed)
		count_listener(msk, netns, port);
	else
		connections = uncount_listener(msk, netns, port);
	if (filtered_out(event, connection, netns, bpf_htons(port), 0))
		return;
	record = reserve_record(event, connection, netns);
	if (!record)
		return;
	fill_addresses(&record->subflow, ssk);
	record->connections = connections;
	submit_record(record);
}

SEC("?fentry/mptcp_event_pm_listener")
int BPF_PROG(listener_second, const struct sock *ssk, enum mptcp_event_type type)
{
	if (claim_preempted_call(ctx, SECOND, SPARED_LISTENER, ssk))
		handle_listener_event(ssk, type);
	return 0;
}

SEC("?fentry/mptcp_event_pm_listener")
int BPF_PROG(listener, const struct sock *ssk, enum mptcp_event_type type)
{
	if (claim_preempted_call(ctx, FIRST, SPARED_LISTENER, ssk))
		handle_listener_event(ssk, type);
	return 0;
}
