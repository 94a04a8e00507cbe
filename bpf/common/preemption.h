/* SPDX-License-Identifier: GPL-2.0-only */
/* How the kernel preempts tasks: what bpf/common/preemption.bpf.c tells user space. */
#ifndef PREEMPTION_H
#define PREEMPTION_H

/* From here on it does so inside the kernel too; an enum of kernel/sched/core.c. */
#define PREEMPTION_FULL 2
/* It was built for just one. */
#define PREEMPTION_UNKNOWN (-1)

#endif /* PREEMPTION_H */
