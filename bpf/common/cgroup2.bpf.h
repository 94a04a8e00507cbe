/* SPDX-License-Identifier: GPL-2.0-only */
/* The hierarchy of cgroup v2. */
#ifndef CGROUP2_BPF_H
#define CGROUP2_BPF_H

#include "common/kernel.h"

/* The root of cgroup v2 is set up first and gets this number (cgroup_init()). */
#define CGROUP2_HIERARCHY_ID 0

/* More levels than a path can name. A walk ends at the root long before. */
#define CGROUP_LEVELS (1 << 16)

static __always_inline bool is_cgroup2(const struct cgroup *cgroup)
{
	return cgroup->root->hierarchy_id == CGROUP2_HIERARCHY_ID;
}

/* The id of the task's cgroup, the one that kernfs and user space use. */
static __always_inline __u64 cgroup_id_of(const struct task_struct *task)
{
	return task->cgroups->dfl_cgrp->kn->id;
}

/*
 * Copies the path of a cgroup from a tracepoint. False for other hierarchies, whose ids and paths
 * also occur in cgroup v2, and for a path that fills the buffer: a truncated path may be that of an
 * ancestor.
 */
static __always_inline bool read_cgroup2_path(const struct cgroup *cgroup, const char *path,
					      char *to, __u32 size)
{
	return is_cgroup2(cgroup) && bpf_probe_read_kernel_str(to, size, path) != (long)size;
}

/* The parent, or NULL for the root. */
static __always_inline struct cgroup *parent_of(const struct cgroup *cgroup)
{
	const struct cgroup_subsys_state *parent = BPF_CORE_READ(cgroup, self.parent);

	return parent ? BPF_CORE_READ(parent, cgroup) : NULL;
}

#endif /* CGROUP2_BPF_H */
