/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is kept of a connection from its first trouble until its end, or until it proves to have been none;
 * most never have any. It is in the socket's own storage: so it ends with the socket, whatever probe the
 * kernel skips, and a socket that gets the same address has none of it.
 *
 * Probes that run for each packet look for it first. A counter for the address, which the connection
 * shares with one of some thousand others, spares nearly all of them the lookup.
 */
#ifndef PATH_STATE_BPF_H
#define PATH_STATE_BPF_H

#include "common/kernel.h"
#include "common/core_compat.h"
#include "watch.h"

/* A failover, from the first suspicion to the first new acknowledgement. See failover.bpf.h. */
struct failover {
	__u32 state;   /* enum failover_state */
	__u32 cause;   /* enum watch_cause */
	__u64 from_id; /* see subflow_id(); 0: none */
	__u64 to_id;
	__u64 progress_ns; /* when data was last acknowledged, or first sent after idling */
	__u64 noticed_ns;
	__u64 snd_una; /* when it was noticed */
	__u64 outstanding;
	__u64 reinjected;
	struct watch_subflow from;
	struct watch_subflow to;
};

/*
 * What a subflow was given last of the connection's data. Once the peer's MPTCP has acknowledged all up to
 * there, what the subflow still holds are stale copies: TCP keeps sending them, but nobody waits.
 */
struct last_sent {
	__u64 id;	 /* of the subflow; 0: free */
	__u64 data_end;	 /* all that it holds comes before, in the connection's sequence */
	__u64 since_ns;	 /* it holds what is no stale copy since then; 0: not known */
	__u32 write_seq; /* of the subflow, then: another one means that data was missed here */
	__u32 reserved;
};

/* Subflows of a connection whose data is known; the oldest is forgotten when there are more. */
#define LAST_SENT_MAX 8

/* Stale subflows of a connection that are told; more at a time are not. */
#define STALE_MAX 4

struct path_state {
	struct bpf_spin_lock lock; /* of the failover */
	__u32 n_stale;
	struct failover failover;
	struct last_sent last_sent[LAST_SENT_MAX];
	__u64 stale[STALE_MAX]; /* ids of subflows; 0: free */
	__u64 progress_ns;	/* when data was last acknowledged, or first sent after idling */
	__u32 next_slot;
	bool copied; /* data was sent again: a subflow may hold stale copies */
	__u8 reserved[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct path_state);
} path_states SEC(".maps");

#define PATH_STATE_BITS 12

/* How many connections in trouble there are, by a hash of the address. */
static __u32 path_state_counts[1 << PATH_STATE_BITS];

/* The verifier takes the difference of two pointers for a number, but no pointer. */
static __always_inline __u32 *path_states_near(const void *msk)
{
	__u64 address = (__u64)msk - (__u64)path_state_counts;

	return &path_state_counts[address * 0x9e3779b97f4a7c15ULL >> (64 - PATH_STATE_BITS)];
}

/* These take a socket that a program has as its argument: the kernel knows it as one. */
static __always_inline struct path_state *path_state_of(const void *msk)
{
	if (!*path_states_near(msk))
		return NULL;
	return bpf_sk_storage_get(&path_states, (void *)msk, NULL, 0);
}

/* For a connection that has none yet: NULL when there is no memory. */
static __always_inline struct path_state *add_path_state(const void *msk, __u64 progress_ns)
{
	struct path_state *paths = bpf_sk_storage_get(&path_states, (void *)msk, NULL,
						      BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!paths)
		return NULL;
	paths->progress_ns = progress_ns;
	__sync_fetch_and_add(path_states_near(msk), 1);
	return paths;
}

static __always_inline void forget_path_state(const void *msk)
{
	if (!bpf_sk_storage_delete(&path_states, (void *)msk))
		__sync_fetch_and_sub(path_states_near(msk), 1);
}

#endif /* PATH_STATE_BPF_H */
