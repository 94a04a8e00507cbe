// SPDX-License-Identifier: GPL-2.0-only
/*
 * How this kernel preempts tasks. It matters because the kernel skips a program on a processor that
 * is already running it (__bpf_prog_enter_recur()): in an interrupt and, if tasks can be preempted
 * inside the kernel, for every task that runs on that processor until the preempted one resumes.
 * Programs that must not miss a call therefore have spares at the same function.
 *
 * An object of its own: the tools read this first, and load the spares only where they are needed.
 */

#include "common/kernel_variable.bpf.h"
#include "preemption.h"

/*
 * The value of preempt_dynamic_mode (kernel/sched/core.c: undefined, none, voluntary, full, lazy), or
 * PREEMPTION_UNKNOWN. Valid once read_preemption() has run.
 */
int preemption = PREEMPTION_UNKNOWN;

SEC("syscall")
int read_preemption(void *unused)
{
	return read_kernel_variable("preempt_dynamic_mode", &preemption);
}

char LICENSE[] SEC("license") = "GPL";
