/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of events that were not reported, by reason and enum watch_event. User space has them
 * mapped.
 */
#ifndef LOST_BPF_H
#define LOST_BPF_H

#include "common/kernel.h"
#include "watch.h"

#define LOST_EVENTS 32 /* a power of two, for the mask in count_lost() */

_Static_assert(WATCH_EVENTS <= LOST_EVENTS, "each event has a counter");

__u64 lost[WATCH_LOST_REASONS][LOST_EVENTS];

static __always_inline void add_lost(__u32 event, enum watch_lost_reason reason, __u64 count)
{
	/* Compilers move a range check to where the verifier does not see it. A mask stays. */
	barrier_var(event);
	__sync_fetch_and_add(&lost[reason][event & (LOST_EVENTS - 1)], count);
}

static __always_inline void count_lost(__u32 event, enum watch_lost_reason reason)
{
	add_lost(event, reason, 1);
}

#endif /* LOST_BPF_H */
