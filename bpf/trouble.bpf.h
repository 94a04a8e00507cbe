/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is kept of a connection once something goes wrong with it: most never need the room for it,
 * which is twice that of struct connection.
 */
#ifndef TROUBLE_BPF_H
#define TROUBLE_BPF_H

#include "connection.bpf.h"

/* A failover, from the first suspicion to the first new acknowledgement. See failover.bpf.h. */
struct failover {
	__u32 state;	/* enum failover_state */
	__u32 cause;	/* enum watch_cause */
	__u64 from_ssk; /* addresses of sockets, for comparing only */
	__u64 to_ssk;
	__u64 progress_ns; /* when data was last acknowledged, or first sent after idling */
	__u64 noticed_ns;
	__u64 snd_una; /* both when it was noticed */
	__u64 snd_nxt;
	__u64 from_data_seq; /* up to here the connection's data was given to that subflow */
	__u64 outstanding;
	__u64 reinjected;
	struct watch_subflow from;
	struct watch_subflow to;
};

/*
 * What a subflow has unacknowledged of data that was sent on another one, too, before or after: TCP
 * keeps trying, but no data of the connection waits for it once the peer's MPTCP has acknowledged
 * it. More subflows at a time are not remembered.
 */
#define LEFTOVERS_MAX 4

struct leftover {
	__u64 ssk;	 /* address of the socket, for comparing only; 0: free */
	__u64 data_seq;	 /* the end of that data */
	__u32 write_seq; /* of the subflow, then */
	__u32 delivered; /* packets of the subflow's, until then */
};

/* Stale subflows of a connection that are told; more at a time are not. */
#define STALE_MAX 4

struct trouble {
	struct failover failover;
	struct leftover leftovers[LEFTOVERS_MAX];
	__u64 stale[STALE_MAX]; /* addresses of sockets, for comparing only; 0: free */
	__u64 acked_ns;		/* when data was acknowledged last; noted in trouble only */
	__u64 waiting_data_seq; /* the first that waits to be acknowledged, at the last suspicion */
	__u64 waiting_since_ns;
	__u32 next_leftover;
	__u32 n_stale;
};

/* By the address of the MPTCP socket, until its end. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 128 * 1024);
	__type(key, __u64);
	__type(value, struct trouble);
} troubles SEC(".maps");

static const struct trouble no_trouble;

/* How many have a failover that is not over, or a stale subflow. */
static __u64 troubled;

static __always_inline struct trouble *trouble_of(const void *msk)
{
	__u64 key = (__u64)msk;

	return bpf_map_lookup_elem(&troubles, &key);
}

/* The same, made when it is not there; NULL when there are too many. */
static __noinline struct trouble *make_trouble(const void *msk)
{
	struct connection *connection = make_connection(msk);
	__u64 key = (__u64)msk;

	if (!connection)
		return NULL;
	connection->had_trouble = true;
	bpf_map_update_elem(&troubles, &key, &no_trouble, BPF_NOEXIST);
	return trouble_of(msk);
}

static __always_inline void forget_trouble(const void *msk)
{
	__u64 key = (__u64)msk;

	bpf_map_delete_elem(&troubles, &key);
}

/* Counts what became of a reason to look at the connection more closely. */
static __always_inline void count_trouble(bool was, bool is)
{
	if (is && !was)
		__sync_fetch_and_add(&troubled, 1);
	else if (was && !is)
		__sync_fetch_and_sub(&troubled, 1);
}

#endif /* TROUBLE_BPF_H */
