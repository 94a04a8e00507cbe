/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections by token, for joins that reach no listener. A token is a part of a hash (RFC 8684,
 * 3.1), so its lowest bits lead to a bucket as good as any; a bucket that is full loses one.
 */
#ifndef TOKENS_BPF_H
#define TOKENS_BPF_H

#include "connection.bpf.h"

#define TOKEN_BUCKETS	  16384
#define TOKENS_PER_BUCKET 4

struct token_bucket {
	struct {
		__u64 msk;   /* address of the MPTCP socket */
		__u32 token; /* 0: free */
		__u32 reserved;
	} known[TOKENS_PER_BUCKET];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TOKEN_BUCKETS);
	__type(key, __u32);
	__type(value, struct token_bucket);
} tokens SEC(".maps");

static __always_inline struct token_bucket *bucket_of(__u32 token)
{
	__u32 key = token % TOKEN_BUCKETS;

	return bpf_map_lookup_elem(&tokens, &key);
}

/* Where in its bucket the token is, or TOKENS_PER_BUCKET. */
static __always_inline int place_of_token(const struct token_bucket *bucket, __u32 token)
{
	int i;

	for (i = 0; i < TOKENS_PER_BUCKET; i++)
		if (bucket->known[i].token == token)
			break;
	return i;
}

static __always_inline void remember_token(const void *msk, __u32 token)
{
	struct token_bucket *bucket = bucket_of(token);
	int i;

	if (!bucket)
		return;
	i = place_of_token(bucket, 0);
	if (i == TOKENS_PER_BUCKET)
		i = token / TOKEN_BUCKETS % TOKENS_PER_BUCKET;
	bucket->known[i].msk = (__u64)msk;
	bucket->known[i].token = token;
}

static __always_inline void forget_token(__u32 token)
{
	struct token_bucket *bucket = bucket_of(token);
	int i;

	if (!bucket)
		return;
	i = place_of_token(bucket, token);
	if (i < TOKENS_PER_BUCKET)
		bucket->known[i].token = 0;
}

static __always_inline const struct connection *connection_of_token(__u32 token)
{
	const struct token_bucket *bucket = bucket_of(token);
	const struct connection *connection;
	int i;

	if (!bucket)
		return NULL;
	i = place_of_token(bucket, token);
	if (i == TOKENS_PER_BUCKET)
		return NULL;
	connection = connection_of((void *)bucket->known[i].msk);
	return connection && connection->token == token ? connection : NULL;
}

#endif /* TOKENS_BPF_H */
