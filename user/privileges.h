/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stddef.h>

/*
 * Give up every capability but those in kept (CAP_* of linux/capability.h), as far as the caller has
 * them, for good, and the right to gain any by exec. Reading our own maps needs none: descriptors of
 * maps stay usable (kernel commit c8644cd0efe7 "bpf: refine kernel.unprivileged_bpf_disabled
 * behaviour"). Returns 0, or -1.
 */
int privileges_drop(const int *kept, size_t n_kept);

#endif /* PRIVILEGES_H */
