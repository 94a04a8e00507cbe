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

#endif /* ENFORCERS_BPF_H */
