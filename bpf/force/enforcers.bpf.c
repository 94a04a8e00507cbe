// SPDX-License-Identifier: GPL-2.0-only
/* Enforcers join: see enforcers.bpf.h. Their other requests are in requests.bpf.c. */

#include "enforcers.bpf.h"
#include "force.h"
#include "recent.bpf.h"

static __u64 last_joined;

extern struct task_struct *bpf_task_acquire(struct task_struct *task) __ksym;
extern void bpf_task_release(struct task_struct *task) __ksym;

static __always_inline bool is_available(const struct enforcer *enforcer, __u32 place, __u64 word)
{
	switch (word & ENFORCER_STATES) {
	case ENFORCER_FREE:
	case ENFORCER_LEFT:
		return true;
	case ENFORCER_JOINED:
	case ENFORCER_ACTIVE:
	case ENFORCER_PERSISTENT:
		return !is_alive(enforcer, place);
	default:
		return false;
	}
}

/* The next identity for this place; never 0. */
static __always_inline __u64 next_identity(__u64 word, __u32 place)
{
	return ((word >> ENFORCER_STATE_BITS) & ~(__u64)(FORCE_ENFORCERS - 1)) + FORCE_ENFORCERS +
	       place;
}

struct place_search {
	__u32 place;
	__u64 identity; /* 0: none found */
};

static long try_place(__u64 index, struct place_search *search)
{
	struct enforcer *enforcer = enforcer_at(index);
	__u64 word, identity;

	if (!enforcer)
		return 1;
	word = *(volatile __u64 *)&enforcer->word;
	if (!is_available(enforcer, index, word))
		return 0;
	identity = next_identity(word, index);
	/*
	 * Compares the whole word: an enforcer that has taken the place meanwhile differs from the
	 * old one.
	 */
	if (__sync_val_compare_and_swap(&enforcer->word, word,
					identity << ENFORCER_STATE_BITS | ENFORCER_JOINING) != word)
		return 0;
	search->place = index;
	search->identity = identity;
	return 1;
}

/* Gives the calling process a place. Returns its identity, or 0 if all places are taken. */
static __always_inline __u64 join(void)
{
	struct place_search search = {};
	struct task_struct *task, *former;
	struct enforcer *enforcer;

	bpf_loop(FORCE_ENFORCERS, try_place, &search, 0);
	enforcer = enforcer_at(search.place);
	if (!search.identity || !enforcer)
		return 0;
	/*
	 * First, because storing this task makes the previous, dead enforcer of the place look
	 * alive.
	 */
	invalidate_verdicts();
	task = bpf_task_acquire(bpf_get_current_task_btf());
	if (task) {
		former = bpf_kptr_xchg(&enforcer->task, task);
		if (former)
			bpf_task_release(former);
	}
	enforcer->options = 0;
	enforcer->joined = __sync_fetch_and_add(&last_joined, 1) + 1;
	__sync_lock_test_and_set(&enforcer->word, search.identity << ENFORCER_STATE_BITS |
							  (task ? ENFORCER_JOINED : ENFORCER_LEFT));
	return task ? search.identity : 0;
}

/*
 * A process joins by reading this iterator once. Not with BPF_PROG_RUN, because its programs cannot
 * call kfuncs before Linux 6.10 (commit a8e03b6bbb2c "bpf: Allow invoking kfuncs from
 * BPF_PROG_TYPE_SYSCALL progs").
 */
SEC("iter/task")
int join_enforcers(struct bpf_iter__task *ctx)
{
	struct force_joined joined = {};

	/* The last call has no task. */
	if (!ctx->task || ctx->meta->seq_num)
		return 0;
	joined.identity = join();
	bpf_seq_write(ctx->meta->seq, &joined, sizeof(joined));
	return 0;
}
