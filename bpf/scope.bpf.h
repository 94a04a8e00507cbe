/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is a task in scope? Every program that has to know asks scope_of(), so that the hook, the
 * io_uring counter and the count of running tasks cannot disagree.
 *
 * A cgroup never changes its parent, so what its ancestors say of it is worked out at its first
 * socket and then kept with the cgroup itself: the price of an answer depends neither on the depth
 * of the hierarchy nor on how many cgroups are in scope, and a cgroup made later needs no news from
 * user space.
 */
#ifndef SCOPE_BPF_H
#define SCOPE_BPF_H

#include "cgroup2.bpf.h"
#include "force.h"

/* Which rules there are, set before load: the verifier removes the code for the others. */
const volatile bool scope_all;
const volatile bool scope_has_cgroups;
const volatile bool scope_has_comms;
const volatile bool scope_has_uids;
/* There are cgroups and nothing else: what a cgroup says is the whole answer. */
const volatile bool scope_only_cgroups;

/* Named cgroups by id (kernfs_node.id). User space sizes the three maps before load. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u32);
} cgroups SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct force_comm);
	__type(value, __u32);
} comms SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} uids SEC(".maps");

/* The answer for a cgroup once it is known: membership bits and CGROUP_KNOWN. */
#define CGROUP_KNOWN (1U << 31)

struct {
	__uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} cgroup_membership SEC(".maps");

/*
 * In front of the storage, because its helper costs more than the rest of the hook: the answers for
 * the cgroups asked last, each a word that one load reads whole: the id, and below it the
 * membership bits. The place is the id's, and the next cgroup with the same place takes it. A word
 * never gets old: an id is never used again (kernfs_new_node() counts generations), and what a
 * cgroup's ancestors say of it is fixed before a task can be in it.
 */
#define RECENT_CGROUPS	1024
#define MEMBERSHIP_BITS 2

_Static_assert((FORCE_INCLUDED | FORCE_EXCLUDED) < 1 << MEMBERSHIP_BITS, "bits below the id");

static __u64 recent_cgroups[RECENT_CGROUPS];

struct ancestor_walk {
	struct cgroup *cgroup;
	__u32 membership;
};

static long visit_ancestor(__u64 index, struct ancestor_walk *walk)
{
	struct cgroup *cgroup = walk->cgroup;
	__u64 id = BPF_CORE_READ(cgroup, kn, id);
	const __u32 *membership = bpf_map_lookup_elem(&cgroups, &id);

	if (membership)
		walk->membership |= *membership;
	walk->cgroup = parent_of(cgroup);
	return !walk->cgroup;
}

/* Ask every ancestor, and keep the answer with the cgroup; without memory, ask again next time. */
static __noinline __u32 learn_membership(struct cgroup *cgroup)
{
	struct ancestor_walk walk = { .cgroup = cgroup };
	__u32 *known;

	bpf_loop(CGROUP_LEVELS, visit_ancestor, &walk, 0);
	known = bpf_cgrp_storage_get(&cgroup_membership, cgroup, NULL,
				     BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (known)
		*known = walk.membership | CGROUP_KNOWN;
	return walk.membership;
}

static __always_inline __u32 membership_by_cgroup(struct task_struct *task)
{
	struct cgroup *cgroup = task->cgroups->dfl_cgrp;
	__u64 id = cgroup->kn->id;
	__u64 *recent = &recent_cgroups[id % RECENT_CGROUPS];
	__u64 word = *recent;
	const __u32 *known;
	__u32 membership;

	if (word >> MEMBERSHIP_BITS == id)
		return word & ((1 << MEMBERSHIP_BITS) - 1);
	known = bpf_cgrp_storage_get(&cgroup_membership, cgroup, NULL, 0);
	if (known && *known & CGROUP_KNOWN)
		membership = *known & ~CGROUP_KNOWN;
	else
		membership = learn_membership(cgroup);
	*recent = id << MEMBERSHIP_BITS | membership;
	return membership;
}

/* The quick answer for the task that the hook meets most often: one of a cgroup asked before. */
static __always_inline bool certainly_outside(const struct task_struct *task)
{
	__u64 id = task->cgroups->dfl_cgrp->kn->id;

	return scope_only_cgroups && recent_cgroups[id % RECENT_CGROUPS] == id << MEMBERSHIP_BITS;
}

static __always_inline __u32 membership_of_name(const struct task_struct *task)
{
	struct force_comm comm;
	const __u32 *membership;

	/* What is set as a name is padded with zeroes (strscpy_pad() in __set_task_comm()). */
	__builtin_memcpy(&comm, task->comm, sizeof(comm));
	membership = bpf_map_lookup_elem(&comms, &comm);
	return membership ? *membership : 0;
}

/* A program is known by the name of its process; a thread's own name counts too. */
static __always_inline __u32 membership_by_comm(const struct task_struct *task)
{
	__u32 membership = membership_of_name(task);

	if (task->tgid != task->pid)
		membership |= membership_of_name(task->group_leader);
	return membership;
}

/* The effective uid: the one that owns the socket, and that ps, ss and nftables show. */
static __always_inline __u32 membership_by_uid(const struct task_struct *task)
{
	__u32 uid = task->cred->euid.val;
	const __u32 *membership = bpf_map_lookup_elem(&uids, &uid);

	return membership ? *membership : 0;
}

/*
 * Every rule that names the task, as membership bits: 0 when none does. One that excludes wins over
 * any number that include, but tells nothing of a task that no rule includes.
 */
static __always_inline __u32 scope_of(struct task_struct *task)
{
	__u32 membership = scope_all ? FORCE_INCLUDED : 0;

	if (scope_has_cgroups)
		membership |= membership_by_cgroup(task);
	if (scope_has_comms)
		membership |= membership_by_comm(task);
	if (scope_has_uids)
		membership |= membership_by_uid(task);
	return membership & FORCE_INCLUDED ? membership : 0;
}

#endif /* SCOPE_BPF_H */
