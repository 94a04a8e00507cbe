/* SPDX-License-Identifier: GPL-2.0-only */
/* Events of a system call: their owner is the current process. */
#ifndef CALLER_BPF_H
#define CALLER_BPF_H

#include "rate_limit.bpf.h"
#include "record.bpf.h"

/*
 * For an event of the current process, on a socket that is not, or not yet, a connection. limited
 * may be NULL.
 */
static __always_inline struct watch_record *reserve_for_caller(enum watch_event event, __u32 netns,
							       const struct limited *limited)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct connection caller = {};

	if (!event_selected(event))
		return NULL;
	set_owner(&caller, task);
	if (owner_filtered_out(&caller, netns))
		return NULL;
	if (limited && !within_limit(limited)) {
		count_lost(event, WATCH_LOST_RATE_LIMIT);
		return NULL;
	}
	return reserve_record(event, &caller, netns);
}

#endif /* CALLER_BPF_H */
