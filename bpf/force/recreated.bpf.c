// SPDX-License-Identifier: GPL-2.0-only
/*
 * Named cgroups that are re-created, as by each restart of a systemd service. The new cgroup has
 * another id, but the user named a path, so it takes the place of the old one before any task can
 * be in it: cgroup_mkdir() calls its tracepoint before the directory is visible.
 */

#include "common/cgroup2.bpf.h"
#include "events.bpf.h"
#include "rules.bpf.h"

/* Fills in the path. Returns its rule, or NULL if no enforcer named it. */
static __always_inline struct force_rule *rule_of_path(const struct cgroup *cgroup,
						       const char *path, struct force_path *key)
{
	if (!read_cgroup2_path(cgroup, path, key->path, sizeof(key->path)))
		return NULL;
	return bpf_map_lookup_elem(&cgroup_paths, key);
}

struct emit_walk {
	const struct force_rule *rule;
	const struct force_path *path;
	__u32 type; /* enum force_cgroup_event_type */
};

static long emit_to_owner(__u64 index, struct emit_walk *walk)
{
	__u64 owner = walk->rule->owners[index & (FORCE_RULE_OWNERS - 1)];
	__u32 place = FORCE_PLACE(identity_of(owner));
	struct force_cgroup_event *event;

	if (!owner)
		return 1;
	if (!active_enforcer(identity_of(owner)))
		return 0;
	event = reserve_event(place);
	if (!event)
		return 0;
	event->type = walk->type;
	event->reserved = 0;
	bpf_probe_read_kernel(&event->path, sizeof(event->path), walk->path);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

static __always_inline void emit_cgroup_event(enum force_cgroup_event_type type,
					      const struct force_rule *rule,
					      const struct force_path *path)
{
	struct emit_walk walk = { .rule = rule, .path = path, .type = type };

	bpf_loop(FORCE_RULE_OWNERS, emit_to_owner, &walk, 0);
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
	/*
	 * The copy may have places that collect_rule() had closed: closing concerns the path's rule
	 * only.
	 */
	copy = bpf_map_lookup_elem(&cgroups, &id);
	if (copy)
		bpf_loop(FORCE_RULE_OWNERS, reopen_place, &copy, 0);
	emit_cgroup_event(FORCE_CGROUP_CREATED, rule, &key);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_removed, struct cgroup *cgroup, const char *path)
{
	__u64 id = cgroup->kn->id;
	struct force_path key = {};
	struct force_rule *rule;

	/* The ids of other hierarchies are those of other cgroups in cgroup v2. */
	if (!is_cgroup2(cgroup))
		return 0;
	/* Even without a name: the cgroup of 'run' is never re-created. */
	bpf_map_delete_elem(&cgroups, &id);
	rule = rule_of_path(cgroup, path, &key);
	if (rule)
		emit_cgroup_event(FORCE_CGROUP_REMOVED, rule, &key);
	return 0;
}
