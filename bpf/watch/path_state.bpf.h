/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The path state of a connection, from when its retransmission timer first fires, or a subflow ends
 * with data on it, until its end or until it proves dispensable. Most connections never have any.
 * It is in the socket's own storage: it ends with the socket even if the kernel skips programs, and
 * a later socket at the same address has none of it.
 *
 * Programs that run for each packet look for it first. A counter, chosen by a hash of the address,
 * saves nearly all of them the lookup.
 */
#ifndef PATH_STATE_BPF_H
#define PATH_STATE_BPF_H

#include "common/kernel.h"
#include "common/core_compat.h"
#include "watch.h"

/* A failover, from the suspicion to the first new acknowledgement. See failover.bpf.c. */
struct failover {
	__u32 state;   /* enum failover_state */
	__u32 cause;   /* enum watch_cause */
	__u64 from_id; /* subflow_id(); 0: none */
	__u64 to_id;
	__u64 progress_ns; /* time of the last acknowledgement, or of the first data after idling */
	__u64 noticed_ns;
	__u64 snd_una; /* when it was noticed */
	__u64 outstanding;
	__u64 reinjected;
	struct watch_subflow from;
	struct watch_subflow to;
};

/*
 * The last data that a connection gave to a subflow. Once the peer's MPTCP has acknowledged
 * everything up to its end, the subflow holds only stale copies: TCP keeps sending them, but
 * nothing waits for them.
 */
struct last_sent {
	__u64 id;	 /* of the subflow; 0: free */
	__u64 data_end;	 /* everything it holds is below, in the connection's sequence */
	__u64 since_ns;	 /* time since which it holds more than stale copies; 0: unknown */
	__u32 write_seq; /* of the subflow at that time; if it differs, data was missed here */
	__u32 reserved;
};

/* Maximum number of subflows whose data is known; the oldest is dropped. */
#define LAST_SENT_MAX 8

/* Maximum number of stale subflows that are reported at the same time. */
#define STALE_MAX 4

struct path_state {
	struct bpf_spin_lock lock; /* of the failover */
	__u32 n_stale;
	struct failover failover;
	struct last_sent last_sent[LAST_SENT_MAX];
	__u64 stale[STALE_MAX]; /* ids of subflows; 0: free */
	__u64 progress_ns; /* time of the last acknowledgement, or of the first data after idling */
	__u32 untracked_changes[2]; /* stale, recovered: not yet counted as lost */
	__u32 next_slot;
	bool copied; /* data was reinjected: a subflow may hold stale copies */
	__u8 reserved[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct path_state);
} path_states SEC(".maps");

#define PATH_STATE_BITS 12

/* The number of connections with path state, by a hash of their address. */
static __u32 path_state_counts[1 << PATH_STATE_BITS];

/* To the verifier, the difference of two pointers is a number, but a pointer is not. */
static __always_inline __u32 *path_state_count(const void *msk)
{
	__u64 address = (__u64)msk - (__u64)path_state_counts;

	return &path_state_counts[address * 0x9e3779b97f4a7c15ULL >> (64 - PATH_STATE_BITS)];
}

/* These take a socket that is an argument of the program: the verifier knows its type. */
static __always_inline struct path_state *path_state_of(const void *msk)
{
	if (!*path_state_count(msk))
		return NULL;
	return bpf_sk_storage_get(&path_states, (void *)msk, NULL, 0);
}

/* For a connection that has none. NULL if there is no memory. */
static __always_inline struct path_state *add_path_state(const void *msk, __u64 progress_ns)
{
	struct path_state *paths = bpf_sk_storage_get(&path_states, (void *)msk, NULL,
						      BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!paths)
		return NULL;
	paths->progress_ns = progress_ns;
	__sync_fetch_and_add(path_state_count(msk), 1);
	return paths;
}

static __always_inline void forget_path_state(const void *msk)
{
	if (!bpf_sk_storage_delete(&path_states, (void *)msk))
		__sync_fetch_and_sub(path_state_count(msk), 1);
}

#endif /* PATH_STATE_BPF_H */
