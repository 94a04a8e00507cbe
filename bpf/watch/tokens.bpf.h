/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections by token, which is unique in the whole kernel, for joins that reach no listener. */
#ifndef TOKENS_BPF_H
#define TOKENS_BPF_H

#include "connection.bpf.h"

/* Addresses of MPTCP sockets. User space sets the same size as for `connections`. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 128 * 1024);
	__type(key, __u32);
	__type(value, __u64);
} tokens SEC(".maps");

static __always_inline void remember_token(const void *msk, __u32 token)
{
	__u64 address = (__u64)msk;

	bpf_map_update_elem(&tokens, &token, &address, BPF_ANY);
}

static __always_inline void forget_token(__u32 token)
{
	bpf_map_delete_elem(&tokens, &token);
}

static __always_inline const struct connection *connection_of_token(__u32 token)
{
	const __u64 *address = bpf_map_lookup_elem(&tokens, &token);
	const struct connection *connection;

	if (!address)
		return NULL;
	connection = connection_of((const void *)*address);
	return connection && connection->token == token ? connection : NULL;
}

#endif /* TOKENS_BPF_H */
