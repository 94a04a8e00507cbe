/* SPDX-License-Identifier: GPL-2.0-only */
/* The filter --cgroup: a cgroup and its descendants. */
#ifndef FILTER_CGROUP_BPF_H
#define FILTER_CGROUP_BPF_H

#include "common/kernel.h"
#include "common/cgroup2.bpf.h"
#include "watch.h"

/* Its id, set before load. 0: any cgroup. */
__u64 filter_cgroup;
const volatile bool filter_cgroup_set;

/* Its path below the root of the hierarchy, set before load. Empty if unknown. */
const volatile char filter_cgroup_path[WATCH_PATH_LEN];

struct cgroup_walk {
	const struct cgroup *cgroup;
	bool found;
};

static long visit_cgroup(__u64 index, struct cgroup_walk *walk)
{
	const struct cgroup *cgroup = walk->cgroup;

	walk->found = BPF_CORE_READ(cgroup, kn, id) == filter_cgroup;
	walk->cgroup = parent_of(cgroup);
	return walk->found || !walk->cgroup;
}

static __always_inline bool in_filter_cgroup(const struct task_struct *task)
{
	struct cgroup_walk walk = { .cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp) };

	bpf_loop(CGROUP_LEVELS, visit_cgroup, &walk, 0);
	return walk.found;
}

#endif /* FILTER_CGROUP_BPF_H */
