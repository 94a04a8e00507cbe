/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a failover: see failover.bpf.c. */
#ifndef FAILOVER_BPF_H
#define FAILOVER_BPF_H

#include "path_state.bpf.h"

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
static __always_inline void set_state(struct path_state *paths, enum failover_state state)
{
	bpf_spin_lock(&paths->lock);
	paths->failover.state = state;
	bpf_spin_unlock(&paths->lock);
}

/* The connection ends: returns whether a failover had not resumed. */
static __always_inline bool end_path_state(const struct mptcp_sock *msk)
{
	struct path_state *paths = path_state_of(msk);
	bool pending;

	if (!paths)
		return false;
	bpf_spin_lock(&paths->lock);
	pending = paths->failover.state == FAILOVER_PENDING;
	paths->failover.state = FAILOVER_NONE;
	bpf_spin_unlock(&paths->lock);
	forget_path_state(msk);
	return pending;
}

#endif /* FAILOVER_BPF_H */
