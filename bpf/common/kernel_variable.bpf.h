/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the kernel's own variables, in programs of type syscall. An extern with __ksym would do the
 * same at load, but libbpf reads all of /proc/kallsyms for it: more work than everything else that a
 * tool does until it is ready.
 */
#ifndef KERNEL_VARIABLE_BPF_H
#define KERNEL_VARIABLE_BPF_H

#include "common/kernel.h"

/*
 * Copies the variable with that name, a string literal, to *value. Returns 0, -ENOENT if the kernel has
 * no such symbol, or -EPERM if it hides the addresses of symbols (kernel.kptr_restrict).
 */
#define read_kernel_variable(name, value) read_variable(name, sizeof(name), value, sizeof(*(value)))

static __always_inline int read_variable(const char *name, int name_size, void *value, __u32 size)
{
	__u64 address = 0;
	int err = bpf_kallsyms_lookup_name(name, name_size, 0, &address);

	return err ?: bpf_probe_read_kernel(value, size, (const void *)address);
}

#endif /* KERNEL_VARIABLE_BPF_H */
