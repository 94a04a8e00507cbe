/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A named cgroup that was removed and made again, as each restart of a systemd service does, is
 * another cgroup with another id. The user named a path, so the new one takes the old one's place,
 * before any task can be in it: cgroup_mkdir() calls its tracepoint before it shows the directory.
 */
#ifndef RECREATED_BPF_H
#define RECREATED_BPF_H

#include "cgroup2.bpf.h"
#include "force.h"

/* Named cgroups by path below the root of the hierarchy. User space sizes the map before load. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct force_path);
	__type(value, __u32);
} cgroup_paths SEC(".maps");

/* Told to user space; room for some 900 before it reads. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} cgroup_events SEC(".maps");

/*
 * Fill in the path; returns what the user said of it, or NULL when it is none of the named cgroups.
 */
static __always_inline const __u32 *look_up_path(const struct cgroup *cgroup, const char *path,
						 struct force_path *key)
{
	if (!is_cgroup2(cgroup))
		return NULL;
	bpf_probe_read_kernel_str(key, sizeof(*key), path);
	return bpf_map_lookup_elem(&cgroup_paths, key);
}

static __always_inline void tell(enum force_cgroup_event_type type, const struct force_path *path)
{
	struct force_cgroup_event *event = bpf_ringbuf_reserve(&cgroup_events, sizeof(*event), 0);

	if (!event)
		return;
	event->type = type;
	event->reserved = 0;
	event->path = *path;
	bpf_ringbuf_submit(event, 0);
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_created, struct cgroup *cgroup, const char *path)
{
	struct force_path key = {};
	const __u32 *membership = look_up_path(cgroup, path, &key);
	__u64 id = cgroup->kn->id;

	if (!membership)
		return 0;
	if (!bpf_map_update_elem(&cgroups, &id, membership, BPF_ANY))
		tell(FORCE_CGROUP_CREATED, &key);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_removed, struct cgroup *cgroup, const char *path)
{
	struct force_path key = {};
	__u64 id = cgroup->kn->id;

	if (!look_up_path(cgroup, path, &key))
		return 0;
	bpf_map_delete_elem(&cgroups, &id);
	tell(FORCE_CGROUP_REMOVED, &key);
	return 0;
}

#endif /* RECREATED_BPF_H */
