/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets the applied options on a subflow whose lock is held. */
#ifndef BRIDGE_APPLY_BPF_H
#define BRIDGE_APPLY_BPF_H

#include "bridge.bpf.h"

/* How many changes of its connection's options a subflow has seen. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} bridge_applied SEC(".maps");

/*
 * bpf_setsockopt() knows these two by numbers of its own, from before TCP had them (from
 * include/uapi/linux/bpf.h).
 */
#define TCP_BPF_DELACK_MAX 1003
#define TCP_BPF_RTO_MIN	   1004

static __always_inline int number_for_bpf(enum sockopt_value kind, int number)
{
	switch (kind) {
	case SOCKOPT_VALUE_RTO_MIN:
		return TCP_BPF_RTO_MIN;
	case SOCKOPT_VALUE_DELACK_MAX:
		return TCP_BPF_DELACK_MAX;
	default:
		return number;
	}
}

static __always_inline void apply(void *socket, const struct bridge_state *state, enum slot slot,
				  enum sockopt_value kind, int level, int number)
{
	int value = state->values[slot];

	if (!is_set(state, slot))
		return;
	if (kind == SOCKOPT_VALUE_RATE)
		value = state->rate > ~0U ? ~0U : (__u32)state->rate;
	bpf_setsockopt(socket, level, number_for_bpf(kind, number), &value, sizeof(value));
}

#define APPLY_APPLIED(level, name, number, value)                                                  \
	apply(socket, state, SLOT_##name, SOCKOPT_VALUE_##value, SOCKOPT_LEVEL_##level, number);
#define APPLY_REMEMBERED(level, name, number, value)
#define APPLY_REFUSED(level, name, number, value)
#define APPLY(level, name, number, class, kernel, when, value, ...)                                \
	APPLY_##class(level, name, number, value)

/* The socket is the context of a sockops program, or what an iterator has locked. */
static __noinline int apply_all(void *socket, const struct bridge_state *state)
{
	if (!state)
		return 0;
	SOCKOPTS(APPLY)
	return 0;
}

/*
 * Only if options of the connection have changed since this subflow was last here. The subflow and
 * its connection are pointers that bpf_sk_storage_get() takes.
 */
static __always_inline void apply_changes(void *socket, void *ssk, void *msk)
{
	struct bridge_state *state = bpf_sk_storage_get(&bridge_states, msk, NULL, 0);
	__u32 *applied;

	if (!state || state->asked || !state->changes)
		return;
	applied = bpf_sk_storage_get(&bridge_applied, ssk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!applied || *applied == state->changes)
		return;
	*applied = state->changes;
	apply_all(socket, state);
}

#endif /* BRIDGE_APPLY_BPF_H */
