/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by bpf/force/ and user space. The programs are attached once for all enforcers of a host:
 * each enforcer is a process with a scope of its own, stored in the maps below. All fields are in
 * host byte order.
 */
#ifndef FORCE_H
#define FORCE_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#include "common/lengths.h"

/*
 * Incremented whenever the layout of a map or the meaning of anything here changes. Enforcers with
 * different values do not share programs.
 */
#ifndef FORCE_ABI
#define FORCE_ABI 5
#endif

#define FORCE_COMM_LEN COMM_LEN
#define FORCE_PATH_LEN CGROUP_PATH_LEN

/* Maximum number of enforcers that share one attachment; a power of two. */
#define FORCE_ENFORCERS 1024

/* Maximum number of enforcers that name the same cgroup, comm or uid. */
#define FORCE_RULE_OWNERS 64

/*
 * The effect of a rule on a task. Bits, because one rule may include a task and another exclude it.
 */
enum force_membership {
	FORCE_INCLUDED = 1 << 0,
	FORCE_EXCLUDED = 1 << 1,
};

#define FORCE_MEMBERSHIP_BITS 2

/* Which sockets an enforcer changes: TCP sockets to MPTCP, or MPTCP sockets to TCP. */
enum force_target {
	FORCE_TO_MPTCP,
	FORCE_TO_TCP,
};

/*
 * The identity of an enforcer: its place in the map enforcers and, in the bits above, how many
 * enforcers have had that place. Identities are never reused, so the rules of a dead enforcer have
 * no effect.
 */
#define FORCE_PLACE(identity) ((identity) & (FORCE_ENFORCERS - 1))

/*
 * Value of the maps cgroups, cgroup_paths, comms and uids, and of the single rule that names every
 * task: the enforcers that include or exclude it. An owner is an identity << FORCE_MEMBERSHIP_BITS
 * | membership. Owners are stored from the first place on; 0 ends the list. FORCE_RULE_CLOSED marks
 * a rule that is about to be removed.
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
 * with a slash, padded with zeroes. Longer paths are not in the map.
 */
struct force_path {
	char path[FORCE_PATH_LEN];
};

_Static_assert(sizeof(struct force_path) == 256, "key of the map cgroup_paths");

/* A record of an enforcer's ring buffer: a named cgroup was created or removed, or a socket option set. */
enum force_cgroup_event_type {
	FORCE_CGROUP_CREATED = 1,
	FORCE_CGROUP_REMOVED = 2,
	/* Of a connection, whose subflows do not have it yet: apply_existing() is to be read. */
	FORCE_OPTIONS_CHANGED = 3,
};

struct force_cgroup_event {
	__u32 type; /* enum force_cgroup_event_type */
	__u32 reserved;
	struct force_path path;
};

_Static_assert(sizeof(struct force_cgroup_event) == 264, "record of an enforcer's ring buffer");

/*
 * What happened to the sockets in an enforcer's scope; each value is a __u64, a number of sockets.
 * FORCE_COUNTER() is the index into the per-CPU array counters for the enforcer at a place.
 */
enum force_counter {
	/* Upgraded to MPTCP. */
	FORCE_UPGRADED,
	/*
	 * In scope, but left as TCP, because net.mptcp.enabled is 0 in the task's network
	 * namespace.
	 */
	FORCE_MPTCP_DISABLED,
	/* Included by one rule, but excluded by --exclude-cgroup or --exclude-comm. */
	FORCE_LEFT_EXCLUDED,
	/* In scope, but created by io_uring, which never calls update_socket_protocol(). */
	FORCE_IO_URING,
	/* Asked for MPTCP, and made TCP: by an enforcer with FORCE_TO_TCP only. */
	FORCE_KEPT_ON_TCP,
	/* In scope, but left as TCP, because the task's Landlock domain has rules for TCP. */
	FORCE_LEFT_LANDLOCK,
	/* In scope, but left as TCP, because others have sock_create programs in its cgroup. */
	FORCE_LEFT_SOCK_CREATE,
	/* In scope, but left as TCP, because the program had asked for a refused option. */
	FORCE_LEFT_OPTED_OUT,
	/*
	 * Upgraded, of these: by 32-bit system calls, whose socket options no program of a cgroup
	 * sees (do_sock_setsockopt()).
	 */
	FORCE_UPGRADED_32BIT,
	/* Connections of upgraded sockets, made or accepted, that speak MPTCP. */
	FORCE_CONNECTED_MPTCP,
	/* The same, but they fell back to TCP while they were set up. */
	FORCE_CONNECTED_TCP,
	/* Upgraded, of these: bound to a device or an address when they connected or listened. */
	FORCE_CONFINED,
	FORCE_COUNTERS,
};

#define FORCE_COUNTER(place, counter) ((place)*FORCE_COUNTERS + (counter))

/* Options of an enforcer: bits. Their values are also those of struct force_pinned. */
enum force_option {
	/* SO_PROTOCOL answers IPPROTO_TCP. */
	FORCE_OPTION_DISGUISE = 1 << 0,
	/* A program that asks for a refused socket option gets TCP from then on. */
	FORCE_OPTION_OPT_OUT = 1 << 1,
};

/* Key of the map opted_out: a program, by the inode of its executable, for an enforcer. */
struct force_program_key {
	__u64 identity; /* of the enforcer */
	__u64 inode;
	__u32 device; /* as the kernel numbers it (super_block.s_dev) */
	__u32 reserved;
};

_Static_assert(sizeof(struct force_program_key) == 24, "key of the map opted_out");

/* Its value: what the program asked for first. */
struct force_opted_out {
	struct force_comm comm;
	__u32 row; /* enum sockopt_row */
	__u32 reserved;
};

_Static_assert(sizeof(struct force_opted_out) == 24, "value of the map opted_out");

/* Operations of change_enforcer(), which returns 0 or a negative errno. */
enum force_operation {
	FORCE_ADD_ALL, /* adds a rule; -EAGAIN: retry, -E2BIG: the map is full */
	FORCE_ADD_CGROUP,
	FORCE_ADD_PATH,
	FORCE_ADD_COMM,
	FORCE_ADD_UID,
	FORCE_SET_OPTIONS,
	FORCE_ACTIVATE, /* puts its rules into force */
	/* The same, until its struct force_pinned says otherwise; and ends those of 'replaced'. */
	FORCE_PERSIST,
	FORCE_LEAVE,   /* ends that */
	FORCE_COLLECT, /* makes room: removes rules whose owners have all left */
};

struct force_request {
	__u32 operation;  /* enum force_operation */
	__u32 membership; /* enum force_membership */
	__u64 identity;
	__u64 cgroup; /* id, kernfs_node.id */
	__u32 uid;
	__u32 target;  /* enum force_target, with FORCE_ACTIVATE and FORCE_PERSIST */
	__u32 options; /* enum force_option, with FORCE_SET_OPTIONS */
	__u32 reserved;
	__u64 replaced; /* identity of a persistent enforcer, or 0, with FORCE_PERSIST */
	struct force_comm comm;
	struct force_path path;
};

_Static_assert(sizeof(struct force_request) == 320, "context of change_enforcer()");

/* Where the members of a Landlock domain are, whose types are internal to Landlock. */
struct force_landlock_layout {
	__u32 known;	  /* 0: a domain cannot be read */
	__u32 num_layers; /* offset, in bytes */
	__u32 masks;	  /* offset of the first struct access_masks; there is one for each layer */
	__u32 net_shift;  /* where access_masks.net begins in its 32 bits */
};

_Static_assert(sizeof(struct force_landlock_layout) == 16, "set before load");

/* Read from the iterator join_enforcers(). */
struct force_joined {
	__u64 identity; /* 0: every place is taken */
};

/* Read from the iterator count_running() for each task in scope. */
enum force_running {
	FORCE_RUNNING_THREAD = 't',
	FORCE_RUNNING_PROCESS = 'p', /* its first thread */
};

/*
 * The only value of the map directory: the ids by which an enforcer finds an attachment that
 * another one made. 0: a program that this kernel does not need.
 */
enum force_link {
	FORCE_LINK_UPGRADE, /* called first; the spares follow */
	FORCE_LINK_UPGRADE_SECOND,
	FORCE_LINK_UPGRADE_THIRD,
	FORCE_LINK_UPGRADE_FOURTH,
	FORCE_LINK_IO_URING,
	FORCE_LINK_ASKED,
	FORCE_LINK_CGROUP_CREATED,
	FORCE_LINK_CGROUP_REMOVED,
	FORCE_LINK_CONNECT, /* the first of three, which count connections: all or none */
	FORCE_LINK_CONNECTED,
	FORCE_LINK_ACCEPTED,
	FORCE_LINKS,
};

enum force_program {
	FORCE_PROGRAM_JOIN,
	FORCE_PROGRAM_CHANGE,
	FORCE_PROGRAM_COUNT_RUNNING,
	FORCE_PROGRAM_APPLY_EXISTING,
	FORCE_PROGRAM_MARK_EARLIER,
	FORCE_PROGRAM_LAST_UPGRADE, /* its misses are the calls that all of them missed */
	FORCE_PROGRAMS,
};

/*
 * Programs that each enforcer attaches to the cgroups of its scope. 0 in the directory: the enforcer that
 * loaded the others lacked CAP_NET_ADMIN.
 */
enum force_cgroup_program {
	FORCE_CGROUP_SET_OPTION,
	FORCE_CGROUP_GET_OPTION,
	FORCE_CGROUP_APPLY_OPTIONS,
	FORCE_CGROUP_CONNECT4,
	FORCE_CGROUP_CONNECT6,
	FORCE_CGROUP_PROGRAMS,
};

enum force_map {
	FORCE_MAP_COUNTERS,
	FORCE_MAP_CGROUP_EVENTS,
	FORCE_MAP_OPTED_OUT,
	FORCE_MAP_PINNED,
	FORCE_MAPS,
};

struct force_directory {
	__u32 abi; /* FORCE_ABI */
	__u32 links[FORCE_LINKS];
	__u32 programs[FORCE_PROGRAMS];
	__u32 cgroup_programs[FORCE_CGROUP_PROGRAMS];
	__u32 maps[FORCE_MAPS];
	__u32 landlock_unknown; /* 1: Landlock restricts TCP, but tasks' domains cannot be found */
};

_Static_assert(sizeof(struct force_directory) == 112, "value of the map directory");

#endif /* FORCE_H */
