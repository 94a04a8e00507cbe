/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Listeners, and how many there are on each port: when the last one closes, the peers' later joins of
 * the connections that it had accepted will be refused.
 */
#ifndef LISTENERS_BPF_H
#define LISTENERS_BPF_H

#include "record.bpf.h"

/* From include/net/sock.h: RCV_SHUTDOWN and SEND_SHUTDOWN. */
#define SHUTDOWN_MASK 3

struct server_port {
	__u32 netns; /* inode number */
	__u16 port;  /* host byte order */
	__u16 reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct server_port);
	__type(value, __u32);
} listeners SEC(".maps");

/* connection is the listener's, which may call listen() again, or NULL: then it is the kernel's. */
static __always_inline void count_listener(struct connection *connection, __u32 netns, __u16 port)
{
	struct server_port key = { .netns = netns, .port = port };
	__u32 none = 0, *count;

	if (connection && connection->listens)
		return;
	if (connection)
		connection->listens = true;
	bpf_map_update_elem(&listeners, &key, &none, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&listeners, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
}

/* Returns whether that was the last one. */
static __always_inline bool uncount_listener(struct connection *connection, __u32 netns, __u16 port)
{
	struct server_port key = { .netns = netns, .port = port };
	__u32 *count = bpf_map_lookup_elem(&listeners, &key);

	if (connection)
		connection->listens = false;
	if (count && *count > 1) {
		__sync_fetch_and_sub(count, 1);
		return false;
	}
	bpf_map_delete_elem(&listeners, &key);
	return true;
}

struct port_walk {
	__u32 netns;
	__u32 port;
	__u32 connections;
};

/* Whoever has closed it, or shut it down both ways, needs nobody to join it any more. */
static long count_connection(const void *map, const __u64 *msk, const struct connection *connection,
			     struct port_walk *walk)
{
	if (connection->server_port == walk->port && connection->netns == walk->netns &&
	    READ(struct sock, (const void *)*msk, sk_shutdown) != SHUTDOWN_MASK)
		walk->connections++;
	return 0;
}

/*
 * Connections that live on a port. It takes a look at all there are, but only when the last listener
 * closes: counting would cost each connection more.
 */
static __always_inline __u32 connections_on_port(__u32 netns, __u16 port)
{
	struct port_walk walk = { .netns = netns, .port = port };

	/* Clients have no port here. */
	if (!port)
		return 0;
	bpf_for_each_map_elem(&connections, count_connection, &walk, 0);
	return walk.connections;
}

SEC("?fentry/mptcp_event_pm_listener")
int BPF_PROG(listener_event, const struct sock *ssk, enum mptcp_event_type type)
{
	bool closed = type == MPTCP_EVENT_LISTENER_CLOSED;
	enum watch_event event = closed ? WATCH_LISTENER_CLOSED : WATCH_LISTENER_CREATED;
	const struct mptcp_sock *msk = msk_of(ssk);
	struct connection *connection = msk ? connection_of(msk) : NULL;
	/* Not skc_num, which is 0 already when a listener with an automatic port is closed. */
	__u16 port = bpf_ntohs(READ(struct inet_sock, ssk, inet_sport));
	__u32 netns = netns_of(ssk), connections = 0;
	struct watch_record *record;

	if (!closed)
		count_listener(connection, netns, port);
	else if (uncount_listener(connection, netns, port))
		connections = connections_on_port(netns, port);
	if (!event_wanted(event) || unwanted(connection, netns) ||
	    port_unwanted(bpf_htons(port), 0))
		return 0;
	record = reserve_record(event, connection, netns);
	if (!record)
		return 0;
	fill_addresses(&record->subflow, ssk);
	record->connections = connections;
	submit_record(record);
	return 0;
}

#endif /* LISTENERS_BPF_H */
