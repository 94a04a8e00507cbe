/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Listeners, and their number on each port: once the last one closes, later joins of the
 * connections that it had accepted are refused.
 */
#ifndef LISTENERS_BPF_H
#define LISTENERS_BPF_H

#include "connection.bpf.h"
#include "filter.bpf.h"

struct server_port {
	__u32 netns; /* inode number */
	__u16 port;  /* host byte order */
	__u16 reserved;
};

struct port_use {
	__u32 listeners;
	__u32 connections; /* accepted, and not yet closed by their programs */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct server_port);
	__type(value, struct port_use);
} ports SEC(".maps");

/*
 * The listeners that are counted, by the address of the MPTCP socket: a socket may call listen()
 * repeatedly.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct server_port);
} listening SEC(".maps");

static __noinline struct port_use *add_port(const struct server_port *key)
{
	const struct port_use unused = {};

	bpf_map_update_elem(&ports, key, &unused, BPF_NOEXIST);
	return bpf_map_lookup_elem(&ports, key);
}

static __always_inline void count_listener(const void *msk, __u32 netns, __u16 port)
{
	struct server_port key = { .netns = netns, .port = port };
	struct port_use *use;
	__u64 id = (__u64)msk;

	if (bpf_map_update_elem(&listening, &id, &key, BPF_NOEXIST))
		return;
	use = add_port(&key);
	if (use)
		__sync_fetch_and_add(&use->listeners, 1);
}

/*
 * Counts an accepted connection. The listener of one that was already open may not have been found
 * yet.
 */
static __always_inline void count_connection(struct connection *connection)
{
	struct server_port key = { .netns = connection->netns, .port = connection->server_port };
	struct port_use *use;

	if (!connection->server_port || !event_selected(WATCH_LISTENER_CLOSED))
		return;
	use = bpf_map_lookup_elem(&ports, &key) ?: add_port(&key);
	if (!use)
		return;
	__sync_fetch_and_add(&use->connections, 1);
	connection->on_port = true;
}

/* Its program has closed it, so it needs no further joins. */
static __always_inline void uncount_connection(struct connection *connection)
{
	struct server_port key = { .netns = connection->netns, .port = connection->server_port };
	struct port_use *use;

	if (!connection->on_port)
		return;
	connection->on_port = false;
	use = bpf_map_lookup_elem(&ports, &key);
	if (!use)
		return;
	if (__sync_fetch_and_sub(&use->connections, 1) == 1 && !use->listeners)
		bpf_map_delete_elem(&ports, &key);
}

#endif /* LISTENERS_BPF_H */
