/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contents of the pinned maps that describe a persistent enforcer, which no process holds. All
 * versions of the tool read them, whatever their FORCE_ABI, so the layout never changes. New members
 * go into a map of their own.
 */
#ifndef PINNED_H
#define PINNED_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#define FORCE_PINNED_COUNTERS	  32
#define FORCE_PINNED_COUNTER_NAME 32

enum force_pinned_state {
	FORCE_PINNED_PREPARED, /* not in force yet */
	FORCE_PINNED_IN_FORCE,
	FORCE_PINNED_ENDED, /* detached, or replaced by another scope of the same name */
};

/* The only value of the map 'scope'. */
struct force_pinned {
	__u64 state;	/* enum force_pinned_state; the hook reads it for each socket in scope */
	__u32 abi;	/* FORCE_ABI of the programs */
	__u32 target;	/* enum force_target */
	__u32 options;	/* enum force_option */
	__u32 rules;	/* number of entries of the map 'rules' */
	__u64 links;	/* a bit for each pinned link, 'link_N' */
	__u32 bridges;	/* number of links to cgroups, 'cgroup_N' */
	__u32 counters; /* of 'names' and 'base' */
	__u64 since_ns; /* CLOCK_REALTIME */
	__u64 identity; /* of the enforcer, in the attachment that the links belong to */
	__u64 missed;	/* calls of the hook that the kernel had skipped at that time */
	__u32 place;	/* the key of its first counter in the map 'counters' */
	__u32 io_uring_counted;
	char version[32];
	__u64 base[FORCE_PINNED_COUNTERS]; /* the counters at that time */
	char names[FORCE_PINNED_COUNTERS][FORCE_PINNED_COUNTER_NAME];
};

_Static_assert(sizeof(struct force_pinned) == 1384, "value of the map scope");

enum force_pinned_rule_type {
	FORCE_PINNED_ALL,
	FORCE_PINNED_CGROUP, /* the text is its path below the root of the hierarchy */
	FORCE_PINNED_COMM,
	FORCE_PINNED_UID, /* a decimal number */
};

/* A value of the map 'rules', an array. */
struct force_pinned_rule {
	__u32 type;	/* enum force_pinned_rule_type */
	__u32 excluded; /* 0 or 1 */
	char text[256]; /* ends with a zero */
};

_Static_assert(sizeof(struct force_pinned_rule) == 264, "value of the map rules");

#endif /* PINNED_H */
