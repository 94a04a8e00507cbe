/* SPDX-License-Identifier: GPL-2.0-only */
/* What was worked out for the cgroups asked last, so that most sockets need one load and a comparison. */
#ifndef RECENT_BPF_H
#define RECENT_BPF_H

#include "common/kernel.h"
#include "force.h"

/*
 * A verdict on a task: 0, no enforcer includes it; a place + 1, the enforcer there does; a place + 1 +
 * FORCE_ENFORCERS, that one does, and excludes it as well. Of several enforcers, the one that joined
 * last is meant: its own scope is most likely the narrowest.
 */
#define NOBODY	       0
#define EXCLUDED_BY(n) ((n) + FORCE_ENFORCERS)

static __always_inline bool is_excluded(__u32 verdict)
{
	return verdict > FORCE_ENFORCERS;
}

static __always_inline __u32 place_of(__u32 verdict)
{
	return (verdict - 1) & (FORCE_ENFORCERS - 1);
}

/*
 * The answers for the cgroups asked last, each a word that one load reads whole: the verdict, above it
 * the cgroup's id, and above that the epoch, which changes with each enforcer that comes or leaves. The
 * place is the id's, and the next cgroup with the same place takes it. An id is never used again
 * (kernfs_new_node() counts generations).
 */
#define RECENT_CGROUPS 1024
#define VERDICT_BITS   12
#define VERDICT_MASK   ((1ULL << VERDICT_BITS) - 1)
#define CACHED_ID_BITS 40
#define EPOCH	       (1ULL << (VERDICT_BITS + CACHED_ID_BITS))

_Static_assert(2 * FORCE_ENFORCERS < VERDICT_MASK, "verdicts of a recent cgroup");

static __u64 recent_cgroups[RECENT_CGROUPS];

/*
 * The epoch, as the words have it. Below it a verdict that no word has, once rules name tasks by comm or
 * by uid: then a cgroup's verdict is not the whole answer.
 */
static __u64 epoch;

static __always_inline __u64 read_epoch(void)
{
	return *(volatile __u64 *)&epoch;
}

/* The recent word that there is for the cgroup, or for another. */
static __always_inline __u64 read_recent(__u64 id)
{
	return *(volatile __u64 *)&recent_cgroups[id % RECENT_CGROUPS];
}

static __always_inline void rules_name_tasks(void)
{
	__sync_fetch_and_or(&epoch, VERDICT_MASK);
}

static long forget_recent(__u64 index, void *unused)
{
	recent_cgroups[index % RECENT_CGROUPS] = 0;
	return 0;
}

/* The rules have changed: what was worked out before is not good any more. */
static __always_inline void forget_verdicts(void)
{
	__sync_fetch_and_add(&epoch, EPOCH);
	/* So that no word is left to be believed when the epoch comes round to it. */
	bpf_loop(RECENT_CGROUPS, forget_recent, NULL, 0);
}

/* The quick answer for the task that the hook meets most often: one of a cgroup asked before. */
static __always_inline bool certainly_outside(__u64 id, __u64 word)
{
	return word == (read_epoch() | id << VERDICT_BITS);
}

#endif /* RECENT_BPF_H */
