/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include <stddef.h>

/*
 * Permanently give up all capabilities except those in kept (CAP_* in linux/capability.h) that the caller
 * has, and the ability to gain any by exec. Also keep processes of the same user, such as another service that
 * shares our DynamicUser=, from tracing this process (PR_SET_DUMPABLE); this does not extend to a program
 * that it executes. Descriptors of BPF maps remain usable without capabilities (kernel commit c8644cd0efe7
 * "bpf: refine kernel.unprivileged_bpf_disabled behaviour"). Returns 0, or -1.
 */
int privileges_drop(const int *kept, size_t n_kept);

#endif /* PRIVILEGES_H */
