/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Landlock's rules for TCP ports hold for TCP sockets only (sk_is_tcp() in security/landlock/net.c),
 * so that MPTCP sockets evade them. A task whose domain has such rules is left on TCP.
 */
#ifndef LANDLOCK_BPF_H
#define LANDLOCK_BPF_H

#include "common/cast.h"
#include "common/kernel_variable.bpf.h"
#include "force.h"

/* From include/uapi/linux/landlock.h: LANDLOCK_ACCESS_NET_BIND_TCP and _CONNECT_TCP. */
#define LANDLOCK_ACCESS_TCP 3

/* From security/landlock/limits.h. */
#define LANDLOCK_MAX_NUM_LAYERS 16

/* Set before load. */
const volatile struct force_landlock_layout landlock_layout;

/*
 * Where the pointer to a task's domain is in cred->security; -1 if Landlock is not in use or does
 * not restrict TCP. Set before anything is attached.
 */
int landlock_offset = -1;

/*
 * Sets landlock_offset, where the pointer to the domain is: the first member of struct
 * landlock_cred_security. Returns what read_kernel_variable() returns.
 */
SEC("syscall")
int find_landlock(void *unused)
{
	bool initialized = false;
	int offset = 0;
	/* Until Landlock is initialized, lbs_cred, the first member, is a size. */
	int err = read_kernel_variable("landlock_initialized", &initialized);

	if (!err && initialized)
		err = read_kernel_variable("landlock_blob_sizes", &offset);
	if (!err && initialized)
		landlock_offset = offset;
	return err;
}

/*
 * Whether a layer of the domain handles binding or connecting TCP sockets; true if it cannot be
 * read. Not inlined, since few tasks have a domain.
 */
static __noinline bool domain_restricts_tcp(const void *domain)
{
	__u32 layers = 0, mask, i;

	if (!landlock_layout.known)
		return true;
	bpf_probe_read_kernel(&layers, sizeof(layers), domain + landlock_layout.num_layers);
	for (i = 0; i < LANDLOCK_MAX_NUM_LAYERS && i < layers; i++) {
		if (bpf_probe_read_kernel(&mask, sizeof(mask),
					  domain + landlock_layout.masks + i * sizeof(mask)))
			return true;
		if (mask >> (landlock_layout.net_shift & 31) & LANDLOCK_ACCESS_TCP)
			return true;
	}
	return false;
}

static __always_inline bool landlock_restricts_tcp(const struct task_struct *task)
{
	const struct hlist_head *slot;

	if (landlock_offset < 0 || !bpf_core_field_exists(task->cred->security))
		return false;
	/* The slot holds a pointer; this type is a single pointer that the verifier can follow. */
	slot = CAST(struct hlist_head, (const char *)task->cred->security + landlock_offset);
	return slot->first && domain_restricts_tcp(slot->first);
}

#endif /* LANDLOCK_BPF_H */
