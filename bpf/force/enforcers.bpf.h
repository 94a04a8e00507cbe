/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The enforcers. Each has a place in the map enforcers, from when it joins until it ends.
 *
 * Most are processes. The hook reads from the kernel's own task_struct whether the process still
 * runs, so nothing has to notice its exit: the rules of a killed enforcer have no effect from that
 * moment.
 *
 * A persistent one is held by no process, but by a map that is pinned: it ends when that map says
 * so, and also when the map is neither pinned nor open any more.
 */
#ifndef ENFORCERS_BPF_H
#define ENFORCERS_BPF_H

#include "common/kernel.h"
#include "force.h"
#include "pinned.h"

/* In the low bits of enforcer.word, below the identity. */
enum enforcer_state {
	ENFORCER_FREE,
	ENFORCER_JOINING, /* its task is being stored */
	ENFORCER_JOINED,  /* its rules are being added */
	ENFORCER_ACTIVE,
	ENFORCER_LEFT,
	ENFORCER_PERSISTENT, /* active, without a process */
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

struct pinned_scope {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct force_pinned));
};

/* Indexed by the place of a persistent enforcer: its map, created in user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, FORCE_ENFORCERS);
	__type(key, __u32);
	__array(values, struct pinned_scope);
} pinned SEC(".maps");

static __always_inline struct enforcer *enforcer_at(__u32 place)
{
	return bpf_map_lookup_elem(&enforcers, &place);
}

static __always_inline bool is_running(const struct enforcer *enforcer)
{
	const struct task_struct *task = enforcer->task;

	return task && !(task->flags & PF_EXITING);
}

/* What is pinned for the enforcer at that place, or NULL. */
static __always_inline struct force_pinned *pinned_at(__u32 place)
{
	void *map = bpf_map_lookup_elem(&pinned, &place);
	__u32 key = 0;

	return map ? bpf_map_lookup_elem(map, &key) : NULL;
}

struct bpf_map___usercnt {
	atomic64_t usercnt;
} __attribute__((preserve_access_index));

/* Whether user space refers to the map, by a pin or a descriptor: the map 'pinned' is not counted. */
static __always_inline bool is_referred_to(const struct bpf_map___usercnt *map)
{
	return map->usercnt.counter > 0;
}

static __noinline bool is_pinned(__u32 place)
{
	void *map = bpf_map_lookup_elem(&pinned, &place);
	const struct force_pinned *scope;
	__u32 key = 0;

	if (!map || !is_referred_to(map))
		return false;
	scope = bpf_map_lookup_elem(map, &key);
	return scope && *(volatile __u64 *)&scope->state == FORCE_PINNED_IN_FORCE;
}

/* Whether an enforcer that has joined still exists. */
static __always_inline bool is_alive(const struct enforcer *enforcer, __u32 place)
{
	if ((enforcer->word & ENFORCER_STATES) == ENFORCER_PERSISTENT)
		return is_pinned(place);
	return is_running(enforcer);
}

/* The enforcer with that identity, if it is in force. */
static __always_inline struct enforcer *active_enforcer(__u64 identity)
{
	struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));
	__u64 word;

	if (!enforcer)
		return NULL;
	word = enforcer->word;
	if (word == (identity << ENFORCER_STATE_BITS | ENFORCER_PERSISTENT))
		return is_pinned(FORCE_PLACE(identity)) ? enforcer : NULL;
	if (word != (identity << ENFORCER_STATE_BITS | ENFORCER_ACTIVE))
		return NULL;
	return is_running(enforcer) ? enforcer : NULL;
}

#endif /* ENFORCERS_BPF_H */
