/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bpf/force/force.bpf.c and user space share. The programs are attached once for all enforcers of a
 * host: each enforcer is a process with a scope of its own, entered in the maps below.
 * All fields are in host byte order.
 */
#ifndef FORCE_H
#define FORCE_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/*
 * Counts up whenever a map's layout, or the meaning of anything here, changes. Enforcers that differ
 * in it do not share programs.
 */
#define FORCE_ABI 1

/* Bytes of a task's name, the closing NUL included (TASK_COMM_LEN of linux/sched.h). */
#define FORCE_COMM_LEN 16

/* Enforcers at a time that share one attachment; a power of two. */
#define FORCE_ENFORCERS 1024

/* Enforcers at a time that name the same cgroup, comm or uid. */
#define FORCE_RULE_OWNERS 64

/* What a rule does to a task: bits, because one may include a task and another exclude it. */
enum force_membership {
	FORCE_INCLUDED = 1 << 0,
	FORCE_EXCLUDED = 1 << 1,
};

#define FORCE_MEMBERSHIP_BITS 2

/*
 * Who an enforcer is: its place in the map enforcers, and above that a count of those who had the
 * place before. Never used again, so what a dead enforcer left in the maps means nobody.
 */
#define FORCE_PLACE(identity) ((identity) & (FORCE_ENFORCERS - 1))

/*
 * Value of the maps cgroups, cgroup_paths, comms and uids, and of the single rule that names every
 * task: who included or excluded it. An owner is an identity << FORCE_MEMBERSHIP_BITS | membership;
 * Entered from the first place on; 0 ends the list. FORCE_RULE_CLOSED is in a rule that is about to be
 * removed.
 */
struct force_rule {
	__u64 owners[FORCE_RULE_OWNERS];
};

#define FORCE_RULE_CLOSED (~0ULL)

_Static_assert(sizeof(struct force_rule) == 512, "value of the maps of rules");

/* Key of the map comms: a task's name, padded with zeroes. */
struct force_comm {
	char name[FORCE_COMM_LEN];
};

_Static_assert(sizeof(struct force_comm) == 16, "key of the map comms");

/*
 * Key of the map cgroup_paths: the path of a named cgroup below the root of the hierarchy, starting
 * with a slash, padded with zeroes. A path that does not fit is not in the map.
 */
#define FORCE_PATH_LEN 256

struct force_path {
	char path[FORCE_PATH_LEN];
};

_Static_assert(sizeof(struct force_path) == 256, "key of the map cgroup_paths");

/* A named cgroup came or went: a record of an enforcer's ring buffer. */
enum force_cgroup_event_type {
	FORCE_CGROUP_CREATED = 1,
	FORCE_CGROUP_REMOVED = 2,
};

struct force_cgroup_event {
	__u32 type; /* enum force_cgroup_event_type */
	__u32 reserved;
	struct force_path path;
};

_Static_assert(sizeof(struct force_cgroup_event) == 264, "record of an enforcer's ring buffer");

/*
 * What became of the sockets of an enforcer's scope; each value is a __u64, a number of sockets. Index
 * into the per-CPU array counters, for the enforcer at a place: FORCE_COUNTER().
 */
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

#define FORCE_COUNTER(place, counter) ((place)*FORCE_COUNTERS + (counter))

/* What an enforcer asks of change_enforcer(), which returns 0 or a negative errno. */
enum force_operation {
	FORCE_ADD_ALL, /* a rule; -EAGAIN: try again, -E2BIG: there is no room in the map for it */
	FORCE_ADD_CGROUP,
	FORCE_ADD_PATH,
	FORCE_ADD_COMM,
	FORCE_ADD_UID,
	FORCE_ACTIVATE, /* from now on its rules count */
	FORCE_LEAVE,	/* from now on they do not */
	FORCE_COLLECT,	/* make room: remove rules whose owners have all gone */
};

struct force_request {
	__u32 operation;  /* enum force_operation */
	__u32 membership; /* enum force_membership */
	__u64 identity;
	__u64 cgroup; /* id, kernfs_node.id */
	__u32 uid;
	__u32 reserved;
	struct force_comm comm;
	struct force_path path;
};

_Static_assert(sizeof(struct force_request) == 304, "context of change_enforcer()");

/* What a read of the iterator join_enforcers() returns. */
struct force_joined {
	__u64 identity; /* 0: every place is taken */
};

/* What a read of the iterator count_running() returns for each task in scope. */
enum force_running {
	FORCE_RUNNING_THREAD = 't',
	FORCE_RUNNING_PROCESS = 'p', /* its first thread */
};

/*
 * The only value of the map directory: by what ids an enforcer finds the rest of an attachment that
 * another one made. 0 is none: a program that this kernel has no use for.
 */
enum force_link {
	FORCE_LINK_UPGRADE, /* the program that is called first, and then those for when it is skipped */
	FORCE_LINK_UPGRADE_SECOND,
	FORCE_LINK_UPGRADE_THIRD,
	FORCE_LINK_UPGRADE_FOURTH,
	FORCE_LINK_IO_URING,
	FORCE_LINK_CGROUP_CREATED,
	FORCE_LINK_CGROUP_REMOVED,
	FORCE_LINKS,
};

enum force_program {
	FORCE_PROGRAM_JOIN,
	FORCE_PROGRAM_CHANGE,
	FORCE_PROGRAM_COUNT_RUNNING,
	FORCE_PROGRAM_LAST_UPGRADE, /* whose misses are those of all */
	FORCE_PROGRAMS,
};

enum force_map {
	FORCE_MAP_COUNTERS,
	FORCE_MAP_CGROUP_EVENTS,
	FORCE_MAPS,
};

struct force_directory {
	__u32 abi; /* FORCE_ABI */
	__u32 links[FORCE_LINKS];
	__u32 programs[FORCE_PROGRAMS];
	__u32 maps[FORCE_MAPS];
};

_Static_assert(sizeof(struct force_directory) == 56, "value of the map directory");

#endif /* FORCE_H */
