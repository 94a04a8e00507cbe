/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the kernel preempts tasks that are in the middle of a BPF program. */
#ifndef PREEMPTIBLE_H
#define PREEMPTIBLE_H

#include <stdbool.h>

#include "common/preemption.h"

struct bpf_program;

/*
 * Run the program read_preemption of bpf/common/preemption.bpf.c, and look at its answer. True when nothing
 * is known.
 */
bool kernel_is_preemptible(const struct bpf_program *ask, const int *answer);

#endif /* PREEMPTIBLE_H */
