/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stddef.h>

/*
 * Give up every capability but those in kept (CAP_* of linux/capability.h), as far as the caller has
 * them, for good, and the right to gain any by exec; and let no process of the same user, which may be
 * the DynamicUser= of another service, trace this one (PR_SET_DUMPABLE). A program that is executed can be
 * traced again. Reading our own maps needs no capability: descriptors of maps stay usable (kernel commit
 * c8644cd0efe7 "bpf: refine kernel.unprivileged_bpf_disabled behaviour"). Returns 0, or -1.
 */
int privileges_drop(const int *kept, size_t n_kept);

#endif /* PRIVILEGES_H */
