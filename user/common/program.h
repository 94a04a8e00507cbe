/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loaded BPF programs: running those of type syscall, and how often the kernel skipped one. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdint.h>

struct bpf_program;

/* Runs a program of type syscall without a context. Returns its result, or -errno. */
int program_run(const struct bpf_program *program);

/* How many calls of a program the kernel skipped because the program was already running on that processor. */
uint64_t program_misses(int program_fd);

#endif /* PROGRAM_H */
