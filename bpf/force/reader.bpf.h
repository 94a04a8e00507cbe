/* SPDX-License-Identifier: GPL-2.0-only */
/* Which enforcer reads an iterator. */
#ifndef READER_BPF_H
#define READER_BPF_H

#include "enforcers.bpf.h"
#include "force.h"

/* Most likely the place of the enforcer that reads an iterator. */
static __u32 reader_hint;

static long is_reader(__u64 index, __u64 *identity)
{
	const struct enforcer *enforcer = enforcer_at(index);

	if (!enforcer || enforcer->task != bpf_get_current_task_btf() ||
	    (enforcer->word & ENFORCER_STATES) == ENFORCER_LEFT)
		return 0;
	*identity = enforcer->word >> ENFORCER_STATE_BITS;
	return 1;
}

/* The identity of the enforcer that reads the iterator, or 0. */
static __always_inline __u64 identity_of_reader(void)
{
	__u64 identity = 0;

	if (is_reader(reader_hint, &identity))
		return identity;
	bpf_loop(FORCE_ENFORCERS, is_reader, &identity, 0);
	if (identity)
		reader_hint = FORCE_PLACE(identity);
	return identity;
}

#endif /* READER_BPF_H */
