// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel skips a program on a processor that is in the middle of it (__bpf_prog_enter_recur()):
 * in an interrupt of it, and, where tasks can be preempted inside the kernel, for every task that
 * runs there until the preempted one does again. Programs that must not miss anything have spares
 * of the same kind.
 */

#include "common/kernel.h"
#include "preemption.h"

/* Of kernel/sched/core.c: undefined, none, voluntary, full, lazy. */
extern const void preempt_dynamic_mode __ksym __weak;

/* The same, or PREEMPTION_UNKNOWN; there once read_preemption() has run. */
int preemption = PREEMPTION_UNKNOWN;

SEC("syscall")
int read_preemption(void *unused)
{
	if (&preempt_dynamic_mode)
		bpf_probe_read_kernel(&preemption, sizeof(preemption), &preempt_dynamic_mode);
	return 0;
}
