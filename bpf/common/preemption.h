/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel preempts tasks: reported by bpf/common/preemption.bpf.c to user space. */
#ifndef PREEMPTION_H
#define PREEMPTION_H

/*
 * From this value on, tasks are preempted inside the kernel too (an enum in kernel/sched/core.c).
 */
#define PREEMPTION_FULL 2
/* The kernel was built for a single model. */
#define PREEMPTION_UNKNOWN (-1)

#endif /* PREEMPTION_H */
