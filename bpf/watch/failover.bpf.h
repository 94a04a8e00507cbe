/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a failover: see failover.bpf.c. */
#ifndef FAILOVER_BPF_H
#define FAILOVER_BPF_H

#include "trouble.bpf.h"

enum failover_state {
	FAILOVER_NONE,
	FAILOVER_TIMER,	    /* the timer fired, and no subflow has failed */
	FAILOVER_SUSPECTED, /* no progress; nothing sent again yet */
	FAILOVER_PENDING,   /* sent again, and told; not acknowledged yet */
};

/*
 * Whoever ends a failover tells so, and only then: its state, and what it consists of while it is
 * pending, change under a lock of its own.
 */
static __always_inline void set_state(struct trouble *trouble, enum failover_state state)
{
	bpf_spin_lock(&trouble->lock);
	trouble->failover.state = state;
	bpf_spin_unlock(&trouble->lock);
}

/* The connection ends: returns whether a failover had not resumed. */
static __always_inline bool end_trouble(const struct mptcp_sock *msk)
{
	struct trouble *trouble = trouble_of(msk);
	bool pending;

	if (!trouble)
		return false;
	bpf_spin_lock(&trouble->lock);
	pending = trouble->failover.state == FAILOVER_PENDING;
	trouble->failover.state = FAILOVER_NONE;
	bpf_spin_unlock(&trouble->lock);
	forget_trouble(msk);
	return pending;
}

#endif /* FAILOVER_BPF_H */
