/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PREEMPTIBLE_H
#define PREEMPTIBLE_H

#include <stdbool.h>

/*
 * Whether the kernel preempts tasks inside a BPF program: loads and runs bpf/common/preemption.bpf.c. True if
 * the kernel does not say.
 */
bool kernel_is_preemptible(void);

#endif /* PREEMPTIBLE_H */
