/* SPDX-License-Identifier: GPL-2.0-only */
/* Included by every BPF program: the kernel's types, and libbpf's macros to read and trace them. */
#ifndef KERNEL_H
#define KERNEL_H

#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#include "common/constants.h"

#endif /* KERNEL_H */
