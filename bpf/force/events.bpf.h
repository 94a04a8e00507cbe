/* SPDX-License-Identifier: GPL-2.0-only */
/* What is reported to enforcers while they run. */
#ifndef EVENTS_BPF_H
#define EVENTS_BPF_H

#include "common/kernel.h"
#include "force.h"

/* Holds about 15 unread events. */
struct cgroup_events {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* Indexed by the place of an enforcer: its ring buffer, created in user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, FORCE_ENFORCERS);
	__type(key, __u32);
	__array(values, struct cgroup_events);
} cgroup_events SEC(".maps");

/* An event for the enforcer at that place, to be filled in and submitted; NULL if there is no room. */
static __always_inline struct force_cgroup_event *reserve_event(__u32 place)
{
	void *events = bpf_map_lookup_elem(&cgroup_events, &place);

	return events ? bpf_ringbuf_reserve(events, sizeof(struct force_cgroup_event), 0) : NULL;
}

#endif /* EVENTS_BPF_H */
