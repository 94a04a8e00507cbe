/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that must not miss a call have spares, since the kernel skips programs (see
 * preemption.bpf.c). The kernel calls all of them, the one that was attached last first, and the first
 * that it does not skip handles the call. The others see that in the state of the connection; or here,
 * where there is no such state.
 *
 * bpf_preempt_disable() is no cure: a task that should have been preempted meanwhile is preempted as soon
 * as that ends, when the kernel still takes the program to be running.
 */
#ifndef SPARE_BPF_H
#define SPARE_BPF_H

#include "common/kernel.h"
#include "spare.h"

/* The programs of a function: each has a bit. */
enum spare {
	NO_SPARE = 1 << 0,
	SECOND = 1 << 1,
	THIRD = 1 << 2,
};

/* Also the spares for where tasks are preempted are attached: user space sets it before it does that. */
bool preempted_spares;

/* All programs are attached: user space sets it afterwards. */
bool all_attached;

/* How often a spare handled a call. Then the kernel had skipped the programs that come first. */
__u64 taken_over[SPARED];

static __always_inline void count_taken_over(enum spare program, enum spared function)
{
	if (program != NO_SPARE && *(volatile bool *)&all_attached)
		__sync_fetch_and_add(&taken_over[function], 1);
}

struct handled_call {
	__u64 object;
	__u32 what;
	__u32 seen_by; /* bits of enum spare: each program sees a call once */
};

/*
 * By the address of the call's arguments. They lie on the stack until the call returns, so no other call
 * that has begun, on whatever processor, has the same: not even where a task is preempted between two
 * programs, and goes on elsewhere.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct handled_call);
} handled_calls SEC(".maps");

static __always_inline bool is_handled(void *ctx, enum spare program, const void *object,
				       __u32 what)
{
	struct handled_call call = { .object = (__u64)object, .what = what, .seen_by = program };
	struct handled_call *known;
	__u64 key = (__u64)ctx;

	known = bpf_map_lookup_elem(&handled_calls, &key);
	if (known && known->object == call.object && known->what == what &&
	    !(known->seen_by & program)) {
		known->seen_by |= program;
		return true;
	}
	/* What is known is of an earlier call, from the same place. */
	bpf_map_update_elem(&handled_calls, &key, &call, BPF_ANY);
	return false;
}

/* Returns whether this program has to handle a call, which is told from others by these two. */
static __always_inline bool claim_call(void *ctx, enum spare program, enum spared function,
				       const void *object, __u32 what)
{
	if (is_handled(ctx, program, object, function << 16 | what))
		return false;
	count_taken_over(program, function);
	return true;
}

/* The same, of a function that has spares only where tasks are preempted. */
static __always_inline bool claim_preempted_call(void *ctx, enum spare program,
						 enum spared function, const void *object)
{
	return !*(volatile bool *)&preempted_spares ||
	       claim_call(ctx, program, function, object, 0);
}

#endif /* SPARE_BPF_H */
