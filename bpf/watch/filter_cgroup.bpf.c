// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows the cgroup of --cgroup by its path. When it is re-created, as by each restart of a
 * systemd service, the new cgroup takes its place before any task can be in it: cgroup_mkdir()
 * calls its tracepoint before the directory is visible.
 */

#include "common/cgroup2.bpf.h"
#include "filter_cgroup.bpf.h"

/* Loaded if the path is known. */
SEC("?tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_created, struct cgroup *cgroup, const char *path)
{
	/* Longer than any filter, so that a truncated path matches none. */
	char created[WATCH_PATH_LEN + 1] = {};

	if (!read_cgroup2_path(cgroup, path, created, sizeof(created)))
		return 0;
	if (!bpf_strncmp(created, sizeof(created), (const char *)filter_cgroup_path))
		filter_cgroup = cgroup->kn->id;
	return 0;
}
