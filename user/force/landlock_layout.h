/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where Landlock keeps what the BPF programs read. They cannot find out themselves: for a type that this
 * kernel does not have, libbpf would read the types of all modules, which takes CAP_SYS_ADMIN.
 */
#ifndef LANDLOCK_LAYOUT_H
#define LANDLOCK_LAYOUT_H

#include <stdbool.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "force/force.h"

/* Zeroed: unknown. */
struct force_landlock_layout landlock_layout(const struct btf *btf);

/*
 * Run find_landlock(), which sets *offset, where Landlock restricts TCP. False if tasks with such restrictions cannot
 * be recognized.
 */
bool landlock_find(const struct bpf_program *find_landlock, const int *offset);

#endif /* LANDLOCK_LAYOUT_H */
