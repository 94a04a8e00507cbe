/* SPDX-License-Identifier: GPL-2.0-only */
/* Verdicts on recently seen cgroups, so that most sockets need one load and a comparison. */
#ifndef RECENT_BPF_H
#define RECENT_BPF_H

#include "common/kernel.h"
#include "force.h"

/*
 * A verdict on a task. 0: no enforcer includes it. Otherwise the place of an enforcer + 1 + one of
 * the following, which say whether it also excludes the task, and its target. If several enforcers
 * include a task, the one that joined last counts, whatever its target: its scope is most likely
 * the narrowest.
 */
#define NOT_INCLUDED	0
#define TO_MPTCP	(0 * FORCE_ENFORCERS)
#define NOT_TO_MPTCP	(1 * FORCE_ENFORCERS) /* excluded */
#define TO_TCP		(2 * FORCE_ENFORCERS)
#define NOT_TO_TCP	(3 * FORCE_ENFORCERS) /* excluded */
#define HIGHEST_VERDICT (4 * FORCE_ENFORCERS)

static __always_inline bool is_of_kind(__u32 verdict, __u32 kind)
{
	return verdict - kind - 1 < FORCE_ENFORCERS;
}

static __always_inline __u32 place_of(__u32 verdict)
{
	return (verdict - 1) & (FORCE_ENFORCERS - 1);
}

/*
 * The verdicts on recent cgroups. Each is a word that a single load reads: the verdict in the low
 * bits, then the cgroup's id, then the epoch, which changes whenever an enforcer joins or leaves.
 * The id selects the place; the next cgroup with the same place replaces it. Ids are never reused
 * (kernfs_new_node() counts generations).
 */
#define RECENT_CGROUPS 1024
#define VERDICT_BITS   13
#define VERDICT_MASK   ((1ULL << VERDICT_BITS) - 1)
#define CACHED_ID_BITS 40
#define EPOCH	       (1ULL << (VERDICT_BITS + CACHED_ID_BITS))

_Static_assert(HIGHEST_VERDICT < VERDICT_MASK, "verdicts of a recent cgroup");

static __u64 recent_cgroups[RECENT_CGROUPS];

/*
 * The epoch, at its position in the words. Once rules name tasks by comm or uid, its low bits hold
 * a verdict that no word has: a cgroup's verdict is then not the whole answer.
 */
static __u64 epoch;

/* How often the epoch has changed. It does not wrap. */
static __u64 generation;

static __always_inline __u64 read_epoch(void)
{
	return *(volatile __u64 *)&epoch;
}

/* The word at the cgroup's place, which may be that of another cgroup. */
static __always_inline __u64 read_recent(__u64 id)
{
	return *(volatile __u64 *)&recent_cgroups[id % RECENT_CGROUPS];
}

static __always_inline void note_task_rules(void)
{
	__sync_fetch_and_or(&epoch, VERDICT_MASK);
}

static long clear_recent(__u64 index, void *unused)
{
	recent_cgroups[index % RECENT_CGROUPS] = 0;
	return 0;
}

/* Invalidates all verdicts after a change of the rules. */
static __always_inline void invalidate_verdicts(void)
{
	__sync_fetch_and_add(&epoch, EPOCH);
	__sync_fetch_and_add(&generation, 1);
	/* Otherwise an old word would be valid again when the epoch wraps. */
	bpf_loop(RECENT_CGROUPS, clear_recent, NULL, 0);
}

/*
 * The fast path, for the most frequent caller: a task of a recent cgroup that no enforcer includes.
 */
static __always_inline bool known_outside(__u64 id, __u64 word)
{
	return word == (read_epoch() | id << VERDICT_BITS);
}

#endif /* RECENT_BPF_H */
