// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests of an enforcer that has joined: to add its rules, to put them into force, and to
 * leave.
 */

#include "enforcers.bpf.h"
#include "force.h"
#include "recent.bpf.h"
#include "rules.bpf.h"

/* Fails unless the enforcer is in the first state. */
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

/* User space reads these states. The new scope comes first, so that no task is out of both. */
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
 * Puts a scope into force and ends the one that it replaces, in one call that no signal interrupts.
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
