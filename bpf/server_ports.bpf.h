/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The beginning of a connection; and how many that were accepted live on each port, and how many
 * listen there: when the last listener closes, the peers' later joins will be refused.
 */
#ifndef SERVER_PORTS_BPF_H
#define SERVER_PORTS_BPF_H

#include "join.bpf.h"

struct server_port {
	__u32 netns; /* inode number */
	__u16 port;  /* host byte order */
	__u16 reserved;
};

struct port_use {
	__u32 connections;
	__u32 listeners;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct server_port);
	__type(value, struct port_use);
} server_ports SEC(".maps");

static __always_inline struct port_use *use_of_port(__u32 netns, __u16 port)
{
	struct server_port key = { .netns = netns, .port = port };
	struct port_use *use = bpf_map_lookup_elem(&server_ports, &key);
	struct port_use none = {};

	if (use)
		return use;
	bpf_map_update_elem(&server_ports, &key, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&server_ports, &key);
}

static __always_inline void count_server_port(struct connection *connection, __u16 port)
{
	struct port_use *use = use_of_port(connection->netns, port);

	if (!use)
		return;
	__sync_fetch_and_add(&use->connections, 1);
	connection->server_port = port;
}

static __always_inline void uncount_server_port(struct connection *connection)
{
	struct port_use *use;

	if (!connection->server_port)
		return;
	use = use_of_port(connection->netns, connection->server_port);
	if (use)
		__sync_fetch_and_sub(&use->connections, 1);
	connection->server_port = 0;
}

static __always_inline void count_listener(__u32 netns, __u16 port)
{
	struct port_use *use = use_of_port(netns, port);

	if (use)
		__sync_fetch_and_add(&use->listeners, 1);
}

/* Returns how many connections nobody can join any more. */
static __always_inline __u32 uncount_listener(__u32 netns, __u16 port)
{
	struct port_use *use = use_of_port(netns, port);

	if (!use)
		return 0;
	if (use->listeners)
		__sync_fetch_and_sub(&use->listeners, 1);
	return use->listeners ? 0 : use->connections;
}

/* From now on it is a connection: its token, netns, server_side and addresses are known. */
static __always_inline void begin_connection(const void *msk, struct connection *connection,
					     __u16 port)
{
	connection->created_ns = bpf_ktime_get_ns();
	connection->subflows = 1;
	connection->subflows_max = 1;
	connection->reported = true;
	remember_token(msk, connection->token);
	if (connection->server_side)
		count_server_port(connection, port);
}

#endif /* SERVER_PORTS_BPF_H */
