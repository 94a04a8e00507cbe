/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A rate limit for events that any host on the network, or any process, can cause: a token bucket
 * for each group of them, so that a flood in one hides nothing in another.
 */
#ifndef RATE_LIMIT_BPF_H
#define RATE_LIMIT_BPF_H

#include "common/kernel.h"
#include "watch.h"

/* The size of a burst, and the rate after it. */
#define LIMIT_BURST	 100
#define LIMIT_PER_SECOND 10

#define LIMIT_INTERVAL_NS (1000000000ULL / LIMIT_PER_SECOND)
#define LIMIT_BURST_NS	  ((LIMIT_BURST - 1) * LIMIT_INTERVAL_NS)

/* What shares a bucket. */
struct limited {
	__u64 group; /* join_failed: inode number of the network namespace; sockopt_denied: id of the cgroup */
	__u32 member; /* join_failed: enum watch_join; sockopt_denied: effective uid */
	__u32 event;  /* enum watch_event */
};

/*
 * When the bucket will be full again. If namespaces or cgroups are created to exhaust this map, the
 * oldest entries are dropped and start with a full bucket.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct limited);
	__type(value, __u64);
} limits SEC(".maps");

/* Whether another one may be reported, which is then counted. */
static __always_inline bool within_limit(const struct limited *key)
{
	__u64 now = bpf_ktime_get_ns(), none = 0, full_at, from;
	__u64 *bucket;
	int i;

	bpf_map_update_elem(&limits, key, &none, BPF_NOEXIST);
	bucket = bpf_map_lookup_elem(&limits, key);
	if (!bucket)
		return false;
	/*
	 * Several processors may do this at once. One that fails every time is part of a flood: its
	 * event is suppressed.
	 */
	for (i = 0; i < 4; i++) {
		full_at = *(volatile __u64 *)bucket;
		from = full_at > now ? full_at : now;
		if (from - now > LIMIT_BURST_NS)
			return false;
		if (__sync_val_compare_and_swap(bucket, full_at, from + LIMIT_INTERVAL_NS) ==
		    full_at)
			return true;
	}
	return false;
}

#endif /* RATE_LIMIT_BPF_H */
