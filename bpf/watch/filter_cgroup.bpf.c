// SPDX-License-Identifier: GPL-2.0-only
/*
 * --cgroup: that one and those below it. The user named a path, so when the cgroup is removed and made
 * again, as each restart of a systemd service does, the new one takes its place: before any task can
 * be in it, since cgroup_mkdir() calls its tracepoint before it shows the directory.
 */

#include "common/cgroup2.bpf.h"
#include "filter_cgroup.bpf.h"

/* Loaded where the path is known. */
SEC("?tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_created, struct cgroup *cgroup, const char *path)
{
	/* Longer than any path that is wanted: of a longer one more than that is seen. */
	char created[WATCH_PATH_LEN + 1] = {};

	if (!read_cgroup2_path(cgroup, path, created, sizeof(created)))
		return 0;
	if (!bpf_strncmp(created, sizeof(created), (const char *)filter_cgroup_path))
		filter_cgroup = cgroup->kn->id;
	return 0;
}
