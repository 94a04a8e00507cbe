/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The enforcers. Each is a process with a place in the map enforcers, from when it joins until it
 * leaves or exits. The hook reads from the kernel's own task_struct whether the process still runs,
 * so nothing has to notice its exit: the rules of a killed enforcer have no effect from that
 * moment.
 */
#ifndef ENFORCERS_BPF_H
#define ENFORCERS_BPF_H

#include "common/kernel.h"
#include "force.h"

/* In the low bits of enforcer.word, below the identity. */
enum enforcer_state {
	ENFORCER_FREE,
	ENFORCER_JOINING, /* its task is being stored */
	ENFORCER_JOINED,  /* its rules are being added */
	ENFORCER_ACTIVE,
	ENFORCER_LEFT,
};

#define ENFORCER_STATE_BITS 3
#define ENFORCER_STATES	    ((1 << ENFORCER_STATE_BITS) - 1)

/*
 * A typedef, because clang 14 drops the tag of a pointer to a struct whose definition it has seen.
 */
typedef struct task_struct enforcer_task;

struct enforcer {
	enforcer_task __kptr *task; /* valid only in states that say so */
	__u64 word;		    /* identity << ENFORCER_STATE_BITS | state */
	__u32 options;		    /* enum force_option */
	__u32 changes_reported;	    /* FORCE_OPTIONS_CHANGED is unread */
	__u64 joined;		    /* the number of enforcers that had joined */
	__u64 target;		    /* enum force_target, set before it becomes active */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FORCE_ENFORCERS);
	__type(key, __u32);
	__type(value, struct enforcer);
} enforcers SEC(".maps");

static __always_inline struct enforcer *enforcer_at(__u32 place)
{
	return bpf_map_lookup_elem(&enforcers, &place);
}

static __always_inline bool is_running(const struct enforcer *enforcer)
{
	const struct task_struct *task = enforcer->task;

	return task && !(task->flags & PF_EXITING);
}

/* The enforcer with that identity, if it is in force. */
static __always_inline struct enforcer *active_enforcer(__u64 identity)
{
	struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));

	if (!enforcer || enforcer->word != (identity << ENFORCER_STATE_BITS | ENFORCER_ACTIVE))
		return NULL;
	return is_running(enforcer) ? enforcer : NULL;
}

#endif /* ENFORCERS_BPF_H */
