/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other owners' BPF programs for new sockets of a cgroup (BPF_CGROUP_INET_SOCK_CREATE), as 'ip vrf
 * exec' attaches one. What they set, a device or a mark, reaches the MPTCP socket, but not its
 * subflows, which the kernel creates (sock_create_kern() in mptcp_subflow_create_socket()). A task
 * of such a cgroup is left on TCP.
 */
#ifndef SOCK_CREATE_BPF_H
#define SOCK_CREATE_BPF_H

#include "common/cast.h"
#include "common/kernel.h"
#include "force.h"

/* Reads a pointer: this type is a single pointer that the verifier can follow. */
#define POINTER_AT(address) ((const void *)CAST(struct hlist_head, address)->first)

/* This tool has no such program. */
static __always_inline bool has_sock_create_programs(const struct task_struct *task)
{
	const struct cgroup *cgroup = task->cgroups->dfl_cgrp;
	const void *programs;

	if (!bpf_core_field_exists(cgroup->bpf))
		return false;
	/* Those of the cgroup and of its ancestors, ended by NULL. */
	programs =
		POINTER_AT(&cgroup->bpf.effective[bpf_core_enum_value(enum cgroup_bpf_attach_type,
								      CGROUP_INET_SOCK_CREATE)]);
	return POINTER_AT(programs + bpf_core_field_offset(struct bpf_prog_array, items));
}

#endif /* SOCK_CREATE_BPF_H */
