/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the kernel preempts tasks inside BPF programs, and how often it skipped a program. */
#ifndef PREEMPTIBLE_H
#define PREEMPTIBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/preemption.h"

struct bpf_program;

/*
 * Runs the program read_preemption of bpf/common/preemption.bpf.c, and reads its result. True if the
 * kernel does not say.
 */
bool kernel_is_preemptible(const struct bpf_program *ask, const int *answer);

/* How many calls of a program the kernel skipped because the program was already running on that processor. */
uint64_t program_misses(int program_fd);

#endif /* PREEMPTIBLE_H */
