/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CAST_H
#define CAST_H

#include "common/kernel.h"

/*
 * Gives a pointer a type that the verifier knows. Members are then read with plain loads, which the
 * kernel makes safe, instead of calls of a helper, which take ten times as long (Linux 6.2, commit
 * a35b9af4ec2c "bpf: Add a kfunc for generic type cast"). Unmapped memory reads as 0.
 */
extern void *bpf_rdonly_cast(const void *object, __u32 type) __ksym __weak;

#define CAST(type, object) ((const type *)bpf_rdonly_cast(object, bpf_core_type_id_kernel(type)))

/*
 * The same pointer, which the verifier trusts no more. For whatever is not on a hot path: Linux 6.4 to
 * 6.19 search all of the kernel's type information, up to four times, wherever the verifier finds that a pointer
 * is loaded from an object it trusts (btf_nested_type_is_trusted()). That takes 7 ms in an emulated
 * virtual machine, for each path through the program that leads there.
 */
#define UNTRUSTED(type, object) CAST(type, object)

#endif /* CAST_H */
