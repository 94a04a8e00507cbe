/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who enforces: one process, with a place in the map enforcers, from when it joins until it leaves or
 * ends. The hook asks the kernel's own task_struct whether the process still runs, so that nothing has
 * to notice its end: a killed enforcer's rules mean nothing at once.
 */
#ifndef ENFORCERS_BPF_H
#define ENFORCERS_BPF_H

#include "common/kernel.h"
#include "force.h"
#include "recent.bpf.h"

/* In the low bits of enforcer.word; the identity is above them. */
enum enforcer_state {
	ENFORCER_FREE,
	ENFORCER_JOINING, /* its task is being entered */
	ENFORCER_JOINED,  /* its rules are being entered */
	ENFORCER_ACTIVE,
	ENFORCER_LEFT,
};

#define ENFORCER_STATE_BITS 3
#define ENFORCER_STATES	    ((1 << ENFORCER_STATE_BITS) - 1)

/* By this name, because clang 14 forgets the tag of a pointer to a struct that it has seen whole. */
typedef struct task_struct enforcer_task;

struct enforcer {
	enforcer_task __kptr *task; /* only as good as the state says */
	__u64 word;		    /* identity << ENFORCER_STATE_BITS | state */
	__u64 joined;		    /* counts up with each one that joins */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FORCE_ENFORCERS);
	__type(key, __u32);
	__type(value, struct enforcer);
} enforcers SEC(".maps");

static __u64 last_joined;

extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;

static __always_inline struct enforcer *enforcer_at(__u32 place)
{
	return bpf_map_lookup_elem(&enforcers, &place);
}

static __always_inline bool is_running(const struct enforcer *enforcer)
{
	const struct task_struct *task = enforcer->task;

	return task && !(task->flags & PF_EXITING);
}

/* The enforcer of that identity, if it is in force. */
static __always_inline struct enforcer *active_enforcer(__u64 identity)
{
	struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));

	if (!enforcer || enforcer->word != (identity << ENFORCER_STATE_BITS | ENFORCER_ACTIVE))
		return NULL;
	return is_running(enforcer) ? enforcer : NULL;
}

static __always_inline bool may_be_taken(const struct enforcer *enforcer, __u64 word)
{
	switch (word & ENFORCER_STATES) {
	case ENFORCER_FREE:
	case ENFORCER_LEFT:
		return true;
	case ENFORCER_JOINED:
	case ENFORCER_ACTIVE:
		return !is_running(enforcer);
	default:
		return false;
	}
}

/* The next identity of the place; never 0. */
static __always_inline __u64 next_identity(__u64 word, __u32 place)
{
	return ((word >> ENFORCER_STATE_BITS) & ~(__u64)(FORCE_ENFORCERS - 1)) + FORCE_ENFORCERS +
	       place;
}

struct place_search {
	__u32 place;
	__u64 identity; /* 0: not found yet */
};

static long try_place(__u64 index, struct place_search *search)
{
	struct enforcer *enforcer = enforcer_at(index);
	__u64 word, identity;

	if (!enforcer)
		return 1;
	word = *(volatile __u64 *)&enforcer->word;
	if (!may_be_taken(enforcer, word))
		return 0;
	identity = next_identity(word, index);
	/* The whole word, so that an enforcer that has come meanwhile is not mistaken for the old. */
	if (__sync_val_compare_and_swap(&enforcer->word, word,
					identity << ENFORCER_STATE_BITS | ENFORCER_JOINING) != word)
		return 0;
	search->place = index;
	search->identity = identity;
	return 1;
}

/* Give the calling process a place; returns its identity, or 0 when all are taken. */
static __always_inline __u64 join(void)
{
	struct place_search search = {};
	struct task_struct *task, *former;
	struct enforcer *enforcer;

	bpf_loop(FORCE_ENFORCERS, try_place, &search, 0);
	enforcer = enforcer_at(search.place);
	if (!search.identity || !enforcer)
		return 0;
	/* Before the task of this one makes what is left of a dead enforcer look alive. */
	forget_verdicts();
	task = bpf_task_acquire(bpf_get_current_task_btf());
	if (task) {
		former = bpf_kptr_xchg(&enforcer->task, task);
		if (former)
			bpf_task_release(former);
	}
	enforcer->joined = __sync_fetch_and_add(&last_joined, 1) + 1;
	__sync_lock_test_and_set(&enforcer->word, search.identity << ENFORCER_STATE_BITS |
							  (task ? ENFORCER_JOINED : ENFORCER_LEFT));
	return task ? search.identity : 0;
}

/* From one state to the next, if it is in the first. */
static __always_inline int change_state(__u64 identity, enum enforcer_state from,
					enum enforcer_state to)
{
	struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));
	__u64 word = identity << ENFORCER_STATE_BITS | from;

	if (!enforcer)
		return -EINVAL;
	return __sync_val_compare_and_swap(&enforcer->word, word,
					   identity << ENFORCER_STATE_BITS | to) == word
		       ? 0
		       : -EINVAL;
}

/*
 * A process joins by reading this iterator once: kfuncs are for this type of program, but not for what
 * BPF_PROG_RUN runs, before Linux 6.10 (commit a8e03b6bbb2c "bpf: Allow invoking kfuncs from
 * BPF_PROG_TYPE_SYSCALL progs").
 */
SEC("iter/task")
int join_enforcers(struct bpf_iter__task *ctx)
{
	struct force_joined joined = {};

	/* Called once more at the end, without a task. */
	if (!ctx->task || ctx->meta->seq_num)
		return 0;
	joined.identity = join();
	bpf_seq_write(ctx->meta->seq, &joined, sizeof(joined));
	return 0;
}

#endif /* ENFORCERS_BPF_H */
