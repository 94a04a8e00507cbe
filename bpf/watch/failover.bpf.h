/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a failover: see failover.bpf.c. */
#ifndef FAILOVER_BPF_H
#define FAILOVER_BPF_H

#include "path_state.bpf.h"

enum failover_state {
	FAILOVER_NONE,
	FAILOVER_TIMER,	    /* the timer fired, but no subflow has failed */
	FAILOVER_SUSPECTED, /* no progress; nothing reinjected yet */
	FAILOVER_PENDING,   /* reinjected and reported; not acknowledged yet */
};

/*
 * A failover is reported as resumed by the one that ends it. Its state, and its contents while it
 * is pending, change under a lock of their own.
 */
static __always_inline void set_state(struct path_state *paths, enum failover_state state)
{
	bpf_spin_lock(&paths->lock);
	paths->failover.state = state;
	bpf_spin_unlock(&paths->lock);
}

/* The connection ends. Returns whether a failover was pending. */
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
