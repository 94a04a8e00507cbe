// SPDX-License-Identifier: GPL-2.0-only
/*
 * A named cgroup that was removed and created again, as each restart of a systemd service does, is
 * another cgroup with another id. The user named a path, so the new one takes the old one's place,
 * before any task can be in it: cgroup_mkdir() calls its tracepoint before it shows the directory.
 */

#include "common/cgroup2.bpf.h"
#include "rules.bpf.h"

/* Room for some 15 events that the enforcer has not read. */
struct cgroup_events {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* By the place of an enforcer: its ring buffer, made in user space. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, FORCE_ENFORCERS);
	__type(key, __u32);
	__array(values, struct cgroup_events);
} cgroup_events SEC(".maps");

/* Fill in the path; returns its rule, or NULL when no enforcer named it. */
static __always_inline struct force_rule *rule_of_path(const struct cgroup *cgroup,
						       const char *path, struct force_path *key)
{
	if (!read_cgroup2_path(cgroup, path, key->path, sizeof(key->path)))
		return NULL;
	return bpf_map_lookup_elem(&cgroup_paths, key);
}

struct report_walk {
	const struct force_rule *rule;
	const struct force_path *path;
	__u32 type; /* enum force_cgroup_event_type */
};

static long report_to_owner(__u64 index, struct report_walk *walk)
{
	__u64 owner = walk->rule->owners[index & (FORCE_RULE_OWNERS - 1)];
	__u32 place = FORCE_PLACE(identity_of(owner));
	struct force_cgroup_event *event;
	void *events;

	if (!owner)
		return 1;
	if (!active_enforcer(identity_of(owner)))
		return 0;
	events = bpf_map_lookup_elem(&cgroup_events, &place);
	event = events ? bpf_ringbuf_reserve(events, sizeof(*event), 0) : NULL;
	if (!event)
		return 0;
	event->type = walk->type;
	event->reserved = 0;
	bpf_probe_read_kernel(&event->path, sizeof(event->path), walk->path);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

static __always_inline void report(enum force_cgroup_event_type type, const struct force_rule *rule,
				   const struct force_path *path)
{
	struct report_walk walk = { .rule = rule, .path = path, .type = type };

	bpf_loop(FORCE_RULE_OWNERS, report_to_owner, &walk, 0);
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_created, struct cgroup *cgroup, const char *path)
{
	struct force_path key = {};
	struct force_rule *rule = rule_of_path(cgroup, path, &key), *copy;
	__u64 id = cgroup->kn->id;

	if (!rule)
		return 0;
	if (bpf_map_update_elem(&cgroups, &id, rule, BPF_ANY))
		return 0;
	/* What is about to be removed, or not after all, is the path's rule. */
	copy = bpf_map_lookup_elem(&cgroups, &id);
	if (copy)
		bpf_loop(FORCE_RULE_OWNERS, open_place, &copy, 0);
	report(FORCE_CGROUP_CREATED, rule, &key);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_removed, struct cgroup *cgroup, const char *path)
{
	__u64 id = cgroup->kn->id;
	struct force_path key = {};
	struct force_rule *rule;

	/* Of another hierarchy: its ids are those of other cgroups here. */
	if (!is_cgroup2(cgroup))
		return 0;
	/* Named or not: 'run' enforces a cgroup that nobody will create again. */
	bpf_map_delete_elem(&cgroups, &id);
	rule = rule_of_path(cgroup, path, &key);
	if (rule)
		report(FORCE_CGROUP_REMOVED, rule, &key);
	return 0;
}
