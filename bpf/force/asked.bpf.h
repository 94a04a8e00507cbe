/* SPDX-License-Identifier: GPL-2.0-only */
/* Notes about threads that are inside socket(IPPROTO_MPTCP): see bridge_asked.bpf.c. */
#ifndef ASKED_BPF_H
#define ASKED_BPF_H

#include "common/kernel.h"

/* By thread. A note whose socket() call failed stays until the thread's next socket. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u8);
} asked_notes SEC(".maps");

/* The number of notes, or more. While it is 0, no socket pays for a look. */
static __u64 asked_pending;

/* Until when threads that no enforcer includes leave notes, too (bpf_ktime_get_ns()). */
static __u64 noting_until;

/* How long an enforcer may take from here until it is active. */
#define NOTING_NS (60 * 1000000000ULL)

static __always_inline void begin_noting(void)
{
	*(volatile __u64 *)&noting_until = bpf_ktime_get_ns() + NOTING_NS;
}

static __always_inline bool is_noting(void)
{
	__u64 until = *(volatile __u64 *)&noting_until;

	return until && bpf_ktime_get_ns() < until;
}

static __always_inline bool take_note(void)
{
	__u64 thread;

	if (!*(volatile __u64 *)&asked_pending)
		return false;
	thread = bpf_get_current_pid_tgid();
	if (bpf_map_delete_elem(&asked_notes, &thread))
		return false;
	__sync_fetch_and_add(&asked_pending, -1);
	return true;
}

static __always_inline void leave_note(void)
{
	__u64 thread = bpf_get_current_pid_tgid();
	__u8 note = 1;

	if (!bpf_map_update_elem(&asked_notes, &thread, &note, BPF_NOEXIST))
		__sync_fetch_and_add(&asked_pending, 1);
}

#endif /* ASKED_BPF_H */
