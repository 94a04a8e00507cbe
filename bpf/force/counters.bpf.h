/* SPDX-License-Identifier: GPL-2.0-only */
/* What happened to sockets and connections, for each enforcer. */
#ifndef COUNTERS_BPF_H
#define COUNTERS_BPF_H

#include "common/kernel.h"
#include "force.h"
#include "recent.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FORCE_ENFORCERS *FORCE_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

static __always_inline void count_at(__u32 place, enum force_counter counter)
{
	__u32 key = FORCE_COUNTER(place, counter);
	__u64 *value = bpf_map_lookup_elem(&counters, &key);

	/*
	 * Atomic, because a task can be preempted here while another one counts on the same
	 * processor.
	 */
	if (value)
		__sync_fetch_and_add(value, 1);
}

static __always_inline void count(__u32 verdict, enum force_counter counter)
{
	count_at(place_of(verdict), counter);
}

#endif /* COUNTERS_BPF_H */
