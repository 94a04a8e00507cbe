/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --cgroup: that one and those below it. The user named a path, so when the cgroup is removed and made
 * again, as each restart of a systemd service does, the new one takes its place: before any task can
 * be in it, since cgroup_mkdir() calls its tracepoint before it shows the directory.
 */
#ifndef WANTED_CGROUP_BPF_H
#define WANTED_CGROUP_BPF_H

#include "common/kernel.h"
#include "common/cgroup2.bpf.h"
#include "watch.h"

/* Its id, set before load; 0: any cgroup. */
__u64 wanted_cgroup;
const volatile bool wanted_cgroup_set;

/* Its path below the root of the hierarchy, set before load; not known: empty. */
const volatile char wanted_cgroup_path[WATCH_PATH_LEN];

struct cgroup_walk {
	const struct cgroup *cgroup;
	bool found;
};

static long visit_cgroup(__u64 index, struct cgroup_walk *walk)
{
	const struct cgroup *cgroup = walk->cgroup;

	walk->found = BPF_CORE_READ(cgroup, kn, id) == wanted_cgroup;
	walk->cgroup = parent_of(cgroup);
	return walk->found || !walk->cgroup;
}

static __always_inline bool below_wanted_cgroup(const struct task_struct *task)
{
	struct cgroup_walk walk = { .cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp) };

	bpf_loop(CGROUP_LEVELS, visit_cgroup, &walk, 0);
	return walk.found;
}

/* Loaded where the path is known. */
SEC("?tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_created, struct cgroup *cgroup, const char *path)
{
	/* Longer than any path that is wanted: of a longer one more than that is seen. */
	char created[WATCH_PATH_LEN + 1] = {};

	if (!is_cgroup2(cgroup))
		return 0;
	bpf_probe_read_kernel_str(created, sizeof(created), path);
	if (!bpf_strncmp(created, sizeof(created), (const char *)wanted_cgroup_path))
		wanted_cgroup = cgroup->kn->id;
	return 0;
}

#endif /* WANTED_CGROUP_BPF_H */
