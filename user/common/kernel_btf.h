/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's own type information: about 100,000 types, several MiB. Loaded once per process. */
#ifndef KERNEL_BTF_H
#define KERNEL_BTF_H

#include <stdbool.h>

struct btf;

/* The first call loads it. Returns NULL, with errno set, if there is none. Valid until kernel_btf_forget(). */
const struct btf *kernel_btf(void);

/* Whether it has a function. */
bool kernel_has_function(const char *name);

/* Free it. Call this when all programs are loaded. */
void kernel_btf_forget(void);

#endif /* KERNEL_BTF_H */
