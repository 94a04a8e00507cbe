/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that stand in for one that the kernel skips (see preemption.bpf.h). All of them are called,
 * in any order, and those that are not skipped look whether the ones before them are at work on this
 * processor: only then it is theirs.
 */
#ifndef STAND_IN_BPF_H
#define STAND_IN_BPF_H

#include "preemption.bpf.h"

#define STAND_INS_MAX 3

/* What has to be done whatever else this processor is in the middle of. */
enum duty {
	NOTE_CONNECT,
	TELL_EVENT,
	TELL_END,
	DUTIES,
};

struct at_work {
	bool on[DUTIES][STAND_INS_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct at_work);
} at_work SEC(".maps");

/* There are others but the first of each: user space sets it before it attaches them. */
bool stand_ins;

/* How often one of them did what the first had been skipped for. */
__u64 taken_over;

/* For the program of that number, from 0: NULL, or what has to be made false when it is done. */
static __always_inline volatile bool *begin(enum duty duty, int number)
{
	volatile struct at_work *here;
	static bool nobody_looks;
	__u32 key = 0;
	int i;

	if (!*(volatile bool *)&stand_ins)
		return &nobody_looks;
	here = bpf_map_lookup_elem(&at_work, &key);
	if (!here)
		return NULL;
	for (i = 0; i < number; i++)
		if (!here->on[duty][i])
			return NULL;
	here->on[duty][number] = true;
	if (number)
		__sync_fetch_and_add(&taken_over, 1);
	return &here->on[duty][number];
}

#endif /* STAND_IN_BPF_H */
