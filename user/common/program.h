/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loaded BPF programs: running those of type syscall, and how often the kernel skipped one. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/preemption.h"

struct bpf_program;

/* Runs a program of type syscall without a context. Returns its result, or -errno. */
int program_run(const struct bpf_program *program);

/*
 * Whether the kernel preempts tasks inside a BPF program: runs read_preemption of
 * bpf/common/preemption.bpf.c, and reads its result. True if the kernel does not say.
 */
bool kernel_is_preemptible(const struct bpf_program *ask, const int *answer);

/* How many calls of a program the kernel skipped because the program was already running on that processor. */
uint64_t program_misses(int program_fd);

#endif /* PROGRAM_H */
