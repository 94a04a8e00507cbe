// SPDX-License-Identifier: GPL-2.0-only
/* Enforcers join, add their rules, and leave: see enforcers.bpf.h. */

#include "enforcers.bpf.h"
#include "force.h"
#include "recent.bpf.h"
#include "rules.bpf.h"

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

/* Changes the state of an enforcer that is in the first state. */
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

static __noinline int add_path(const struct force_request *request, __u64 owner)
{
	struct force_path path;

	bpf_probe_read_kernel(&path, sizeof(path), &request->path);
	return add_rule(&cgroup_paths, &path, owner);
}

static __noinline int add_comm(const struct force_request *request, __u64 owner)
{
	struct force_comm comm;

	bpf_probe_read_kernel(&comm, sizeof(comm), &request->comm);
	names_comms = true;
	note_task_rules();
	return add_rule(&comms, &comm, owner);
}

static __always_inline int set_options(__u64 identity, __u32 options)
{
	struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));

	if (!enforcer || enforcer->word >> ENFORCER_STATE_BITS != identity)
		return -EINVAL;
	enforcer->options = options;
	return 0;
}

static __always_inline int activate(__u64 identity, __u32 target)
{
	struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));
	int err;

	if (!enforcer || enforcer->word != (identity << ENFORCER_STATE_BITS | ENFORCER_JOINED))
		return -EINVAL;
	enforcer->target = target;
	err = change_state(identity, ENFORCER_JOINED, ENFORCER_ACTIVE);
	invalidate_verdicts();
	return err;
}

/* What user space sees. In this order, no task is ever out of both scopes. */
static __always_inline void publish_states(__u64 identity, __u64 replaced)
{
	struct force_pinned *scope = pinned_at(FORCE_PLACE(identity));

	if (scope)
		__sync_lock_test_and_set(&scope->state, FORCE_PINNED_IN_FORCE);
	scope = replaced ? pinned_at(FORCE_PLACE(replaced)) : NULL;
	if (scope && scope->identity == replaced)
		__sync_lock_test_and_set(&scope->state, FORCE_PINNED_ENDED);
}

/*
 * One call, which no signal interrupts, puts a scope into force and ends the one that it replaces.
 */
static __always_inline int persist(__u64 identity, __u32 target, __u64 replaced)
{
	struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));
	int err;

	if (!enforcer || enforcer->word != (identity << ENFORCER_STATE_BITS | ENFORCER_JOINED) ||
	    !pinned_at(FORCE_PLACE(identity)))
		return -EINVAL;
	enforcer->target = target;
	err = change_state(identity, ENFORCER_JOINED, ENFORCER_PERSISTENT);
	if (err)
		return err;
	publish_states(identity, replaced);
	invalidate_verdicts();
	return 0;
}

static __always_inline int leave(__u64 identity)
{
	int err = change_state(identity, ENFORCER_ACTIVE, ENFORCER_LEFT);

	if (err)
		return change_state(identity, ENFORCER_JOINED, ENFORCER_LEFT);
	invalidate_verdicts();
	return 0;
}

/* Called by enforcers with BPF_PROG_RUN; the context is a struct force_request. */
SEC("syscall")
int change_enforcer(struct force_request *request)
{
	__u64 owner = request->identity << FORCE_MEMBERSHIP_BITS | request->membership;
	__u64 cgroup = request->cgroup;
	__u32 uid = request->uid;

	switch (request->operation) {
	case FORCE_ADD_ALL:
		return add_owner(&everyone, owner);
	case FORCE_ADD_CGROUP:
		return add_rule(&cgroups, &cgroup, owner);
	case FORCE_ADD_PATH:
		return add_path(request, owner);
	case FORCE_ADD_COMM:
		return add_comm(request, owner);
	case FORCE_ADD_UID:
		names_uids = true;
		note_task_rules();
		return add_rule(&uids, &uid, owner);
	case FORCE_SET_OPTIONS:
		return set_options(request->identity, request->options);
	case FORCE_ACTIVATE:
		return activate(request->identity, request->target);
	case FORCE_PERSIST:
		return persist(request->identity, request->target, request->replaced);
	case FORCE_LEAVE:
		return leave(request->identity);
	case FORCE_COLLECT:
		collect_rules();
		return 0;
	default:
		return -EINVAL;
	}
}
