/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CAST_H
#define CAST_H

#include "common/kernel.h"

/*
 * Gives a pointer a type that the verifier knows: then a member is read by a load that the kernel
 * has made safe, instead of a helper's call, which takes ten times as long (Linux 6.2, commit
 * a35b9af4ec2c "bpf: Add a kfunc for generic type cast"). What is not mapped is read as 0.
 */
extern void *bpf_rdonly_cast(const void *object, __u32 type) __ksym __weak;

#define CAST(type, object) ((const type *)bpf_rdonly_cast(object, bpf_core_type_id_kernel(type)))

#endif /* CAST_H */
