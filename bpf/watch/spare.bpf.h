/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that must not miss a call have spares, because the kernel skips programs (see
 * preemption.bpf.c). The kernel calls all of them, the one attached last first, and the first that
 * it does not skip handles the call. The others see that in the state of the connection or, if
 * there is no such state, here.
 *
 * bpf_preempt_disable() does not help: a task that is due to be preempted is preempted as soon as
 * that section ends, when the kernel still considers the program running.
 */
#ifndef SPARE_BPF_H
#define SPARE_BPF_H

#include "common/kernel.h"
#include "spare.h"

/* The programs of a function. Each has a bit. */
enum spare {
	FIRST = 1 << 0,
	SECOND = 1 << 1,
	THIRD = 1 << 2,
};

/*
 * The spares for kernels that preempt tasks are attached too. User space sets this before it
 * attaches.
 */
bool preempted_spares;

/* All programs are attached. User space sets this afterwards. */
bool all_attached;

/*
 * The number of calls that a spare handled, because the kernel had skipped the programs before it.
 */
__u64 taken_over[SPARED];

static __always_inline void count_taken_over(enum spare program, enum spared_function function)
{
	if (program != FIRST && *(volatile bool *)&all_attached)
		__sync_fetch_and_add(&taken_over[function], 1);
}

struct handled_call {
	__u64 object;
	__u32 what;
	__u32 seen_by; /* bits of enum spare; each program sees a call once */
};

/*
 * Keyed by the address of the call's arguments. They are on the stack until the call returns, so no
 * other call in progress, on any processor, has the same address: not even if a task is preempted
 * between two programs and resumes elsewhere.
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
	/* The entry is that of an earlier call with the same stack. */
	bpf_map_update_elem(&handled_calls, &key, &call, BPF_ANY);
	return false;
}

/* Whether this program has to handle the call, which object and what identify. */
static __always_inline bool claim_call(void *ctx, enum spare program, enum spared_function function,
				       const void *object, __u32 what)
{
	if (is_handled(ctx, program, object, function << 16 | what))
		return false;
	count_taken_over(program, function);
	return true;
}

/* The same for a function that has spares only if tasks are preempted. */
static __always_inline bool claim_preempted_call(void *ctx, enum spare program,
						 enum spared_function function, const void *object)
{
	return !*(volatile bool *)&preempted_spares ||
	       claim_call(ctx, program, function, object, 0);
}

#endif /* SPARE_BPF_H */
