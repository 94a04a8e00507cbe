/* SPDX-License-Identifier: GPL-2.0-only */
/* Records: reserve_record() or reserve_event(), fill_*(), submit_record(). */
#ifndef RECORD_BPF_H
#define RECORD_BPF_H

#include "common/kernel.h"
#include "connection.bpf.h"
#include "watch.h"

/* User space sets the size before load. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} records SEC(".maps");

static __always_inline bool is_mapped(const __u8 address[16])
{
	const __u32 *words = (const __u32 *)address;

	return !words[0] && !words[1] && words[2] == bpf_htonl(0xffff);
}

/* The IPv4-mapped addresses of an IPv6 socket are IPv4 on the wire, and are reported as such. */
static __always_inline void unmap_addresses(struct watch_subflow *subflow)
{
	if (!is_mapped(subflow->saddr) && !is_mapped(subflow->daddr))
		return;
	__builtin_memcpy(subflow->saddr, subflow->saddr + 12, 4);
	__builtin_memcpy(subflow->daddr, subflow->daddr + 12, 4);
	__builtin_memset(subflow->saddr + 4, 0, 12);
	__builtin_memset(subflow->daddr + 4, 0, 12);
	subflow->family = AF_INET;
}

static __always_inline void fill_ipv6_addresses(struct watch_subflow *subflow,
						const struct inet_sock *inet)
{
	const struct ipv6_pinfo *ipv6 = READ(struct inet_sock, inet, pinet6);

	bpf_core_read(subflow->saddr, sizeof(subflow->saddr), &ipv6->saddr);
	bpf_core_read(subflow->daddr, sizeof(subflow->daddr), &inet->sk.__sk_common.skc_v6_daddr);
	unmap_addresses(subflow);
}

static __always_inline void fill_address(__u8 *to, const struct mptcp_addr_info *info)
{
	if (READ(struct mptcp_addr_info, info, family) == AF_INET)
		*(__u32 *)to = READ(struct mptcp_addr_info, info, addr.s_addr);
	else
		bpf_core_read(to, 16, &info->addr6);
}

/*
 * The addresses of any TCP or MPTCP socket. The local one is inet_saddr, as in the kernel's events.
 */
static __noinline void fill_addresses(struct watch_subflow *subflow, const struct sock *sk)
{
	const struct inet_sock *inet = (const struct inet_sock *)sk;

	subflow->family = READ(struct sock, sk, __sk_common.skc_family);
	subflow->sport = READ(struct inet_sock, inet, inet_sport);
	subflow->dport = READ(struct sock, sk, __sk_common.skc_dport);
	subflow->if_idx = READ(struct sock, sk, sk_rx_dst_ifindex);
	if (subflow->family == AF_INET) {
		*(__u32 *)subflow->saddr = READ(struct inet_sock, inet, inet_saddr);
		*(__u32 *)subflow->daddr = READ(struct sock, sk, __sk_common.skc_daddr);
		return;
	}
	fill_ipv6_addresses(subflow, inet);
}

/*
 * The same for a socket whose type the verifier knows: a load instead of a helper call for each
 * field, because this runs for every connection.
 */
static __always_inline void load_addresses(struct watch_subflow *subflow,
					   const struct inet_sock *inet)
{
	subflow->family = inet->sk.__sk_common.skc_family;
	subflow->sport = inet->inet_sport;
	subflow->dport = inet->sk.__sk_common.skc_dport;
	subflow->if_idx = inet->sk.sk_rx_dst_ifindex;
	if (subflow->family == AF_INET) {
		*(__u32 *)subflow->saddr = inet->inet_saddr;
		*(__u32 *)subflow->daddr = inet->sk.__sk_common.skc_daddr;
		return;
	}
	fill_ipv6_addresses(subflow, inet);
}

static __always_inline struct mptcp_subflow_context *context_of(const struct sock *ssk)
{
	return READ(struct inet_connection_sock, ssk, icsk_ulp_data);
}

/* The MPTCP socket of a subflow, or NULL if it is not, or no longer, a subflow. */
static __always_inline const struct mptcp_sock *msk_of(const struct sock *ssk)
{
	const struct mptcp_subflow_context *context = context_of(ssk);

	return context ? (const struct mptcp_sock *)READ(struct mptcp_subflow_context, context,
							 conn)
		       : NULL;
}

static __noinline void fill_subflow(struct watch_subflow *subflow, const struct sock *ssk)
{
	const struct mptcp_subflow_context *context = context_of(ssk);

	__builtin_memset(subflow, 0, sizeof(*subflow));
	fill_addresses(subflow, ssk);
	if (!context)
		return;
	subflow->loc_id = READ(struct mptcp_subflow_context, context, local_id);
	subflow->rem_id = READ(struct mptcp_subflow_context, context, remote_id);
	subflow->backup = READ_BITS(struct mptcp_subflow_context, context, backup);
}

/* Takes the network namespace instead of a socket, because some events have no connection. */
static __always_inline bool owner_filtered_out(const struct connection *connection, __u32 netns)
{
	if (filter_netns && filter_netns != netns)
		return true;
	if (connection && connection->owned)
		return connection->filtered_out;
	/* Its owner is unknown, so it does not belong to the requested cgroup or program. */
	return filters_owners();
}

/* Whether the filters exclude an event with these ports, whose owner is that of the connection. */
static __always_inline bool filtered_out(enum watch_event event,
					 const struct connection *connection, __u32 netns,
					 __be16 sport, __be16 dport)
{
	return !event_selected(event) || owner_filtered_out(connection, netns) ||
	       port_filtered_out(sport, dport);
}

/*
 * Reserves a record, fills in its header and zeroes the rest. NULL if the buffer is full, which is
 * counted.
 */
static __always_inline struct watch_record *
reserve_record(enum watch_event event, const struct connection *connection, __u32 netns)
{
	struct watch_record *record;

	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record) {
		count_lost(event, WATCH_LOST_BUFFER_FULL);
		return NULL;
	}
	__builtin_memset(record, 0, sizeof(*record));
	record->type = event;
	record->size = sizeof(*record);
	record->mono_ns = bpf_ktime_get_ns();
	record->netns = netns;
	if (connection)
		record->owner = connection->owner;
	return record;
}

/*
 * The same for an event of a connection, unless it is filtered out. Inlined, because verifiers
 * before Linux 7 do not follow a reservation that a function returns to its caller.
 */
static __always_inline struct watch_record *reserve_event(enum watch_event event,
							  const struct mptcp_sock *msk,
							  const struct connection *connection)
{
	struct watch_record *record;
	__u32 netns;

	if (!event_selected(event))
		return NULL;
	netns = connection && connection->netns ? connection->netns
						: netns_of((const struct sock *)msk);
	if (owner_filtered_out(connection, netns) || ports_filtered_out(msk))
		return NULL;
	record = reserve_record(event, connection, netns);
	if (!record)
		return NULL;
	if (connection && connection->token) {
		record->token = connection->token;
		record->flags = connection->server_side ? WATCH_SERVER_SIDE : 0;
	} else {
		record->token = BPF_CORE_READ(msk, token);
		record->flags = BPF_CORE_READ(msk, pm.server_side) ? WATCH_SERVER_SIDE : 0;
	}
	return record;
}

/*
 * While batching is set, user space waits for a batch and is woken only when wakeup_threshold
 * records have been submitted since it reset batched. The count is not atomic: a lost increment is
 * harmless.
 */
bool batching;
__u32 batched;
const volatile __u32 wakeup_threshold;

static __always_inline void submit_record(struct watch_record *record)
{
	__u64 flags = 0;

	if (*(volatile bool *)&batching)
		flags = ++batched < wakeup_threshold ? BPF_RB_NO_WAKEUP : BPF_RB_FORCE_WAKEUP;
	bpf_ringbuf_submit(record, flags);
}

static __always_inline void emit_subflow(enum watch_event event, const struct mptcp_sock *msk,
					 const struct connection *connection,
					 const struct sock *ssk)
{
	struct watch_record *record = reserve_event(event, msk, connection);

	if (!record)
		return;
	fill_subflow(&record->subflow, ssk);
	submit_record(record);
}

#endif /* RECORD_BPF_H */
