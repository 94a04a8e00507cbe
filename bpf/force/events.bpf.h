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

#endif /* EVENTS_BPF_H */
