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

#endif /* CAST_H */
