/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bpf/force.bpf.c and user space share: the keys and values of its maps.
 * All fields are in host byte order.
 */
#ifndef FORCE_H
#define FORCE_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* Bytes of a task's name, the closing NUL included (TASK_COMM_LEN of linux/sched.h). */
#define FORCE_COMM_LEN 16

/*
 * What a cgroup, a comm or a uid does to a task: bits, because a task may belong to one that is in
 * scope and to another that is excluded. Values of the maps cgroups, cgroup_paths, comms and uids.
 */
enum force_membership {
	FORCE_INCLUDED = 1 << 0,
	FORCE_EXCLUDED = 1 << 1,
};

/* Key of the map comms: a task's name, padded with zeroes. */
struct force_comm {
	char name[FORCE_COMM_LEN];
};

_Static_assert(sizeof(struct force_comm) == 16, "key of the map comms");

/*
 * Key of the map cgroup_paths: the path of a named cgroup below the root of the hierarchy, starting
 * with a slash, padded with zeroes. A longer one is not in the map.
 */
#define FORCE_PATH_LEN 256

struct force_path {
	char path[FORCE_PATH_LEN];
};

_Static_assert(sizeof(struct force_path) == 256, "key of the map cgroup_paths");

/* A named cgroup came or went: a record of the ring buffer cgroup_events. */
enum force_cgroup_event_type {
	FORCE_CGROUP_CREATED = 1,
	FORCE_CGROUP_REMOVED = 2,
};

struct force_cgroup_event {
	__u32 type; /* enum force_cgroup_event_type */
	__u32 reserved;
	struct force_path path;
};

_Static_assert(sizeof(struct force_cgroup_event) == 264, "record of the ring buffer cgroup_events");

/* Index into the per-CPU array counters; each value is a __u64, a number of sockets. */
enum force_counter {
	/* Made MPTCP. */
	FORCE_UPGRADED,
	/* In scope, but left as TCP: net.mptcp.enabled is 0 in the task's network namespace. */
	FORCE_MPTCP_DISABLED,
	/* In scope by one rule, but taken out by --exclude-cgroup or --exclude-comm. */
	FORCE_LEFT_EXCLUDED,
	/* In scope, but made by io_uring, which never asks update_socket_protocol(). */
	FORCE_IO_URING,
	FORCE_COUNTERS,
};

#endif /* FORCE_H */
