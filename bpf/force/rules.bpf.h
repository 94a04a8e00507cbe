/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scopes of all enforcers: a rule for each cgroup, comm and uid that any of them names, with
 * the enforcers that named it. Enforcers change the rules concurrently through change_enforcer(),
 * without a lock: an owner is added by compare and exchange, and may replace one that has died.
 */
#ifndef RULES_BPF_H
#define RULES_BPF_H

#include "common/kernel.h"
#include "enforcers.bpf.h"
#include "force.h"

/* Named cgroups by id (kernfs_node.id). A removed cgroup loses its rule. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct force_rule);
} cgroups SEC(".maps");

/* Named cgroups by path below the root of the hierarchy: see recreated.bpf.c. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct force_path);
	__type(value, struct force_rule);
} cgroup_paths SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct force_comm);
	__type(value, struct force_rule);
} comms SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct force_rule);
} uids SEC(".maps");

/* The rule of --all. */
struct force_rule everyone;

/* A rule by comm, or by uid, exists or has existed. Until then, the hook does not look for one. */
static bool names_comms;
static bool names_uids;

static const struct force_rule no_owner;

static __always_inline __u64 identity_of(__u64 owner)
{
	return owner >> FORCE_MEMBERSHIP_BITS;
}

/* Whether the place is free, or belongs to an enforcer that has exited. */
static __always_inline bool is_vacant(__u64 owner)
{
	struct enforcer *enforcer;
	__u64 state;

	if (!owner)
		return true;
	if (owner == FORCE_RULE_CLOSED)
		return false;
	enforcer = enforcer_at(FORCE_PLACE(identity_of(owner)));
	if (!enforcer || enforcer->word >> ENFORCER_STATE_BITS != identity_of(owner))
		return true;
	state = enforcer->word & ENFORCER_STATES;
	return state == ENFORCER_LEFT || !is_alive(enforcer, FORCE_PLACE(identity_of(owner)));
}

struct owner_search {
	struct force_rule *rule;
	__u64 owner;
	int result;
};

static long try_owner(__u64 index, struct owner_search *search)
{
	__u64 *owner = &search->rule->owners[index & (FORCE_RULE_OWNERS - 1)];
	__u64 was = *(volatile __u64 *)owner, found = was;

	if (is_vacant(was)) {
		found = __sync_val_compare_and_swap(owner, was, search->owner);
		if (found == was)
			found = search->owner;
	}
	if (found == search->owner)
		search->result = 0;
	else if (found == FORCE_RULE_CLOSED)
		search->result = -EAGAIN;
	else
		return 0;
	return 1;
}

/* Returns 0, -EUSERS if the rule has too many owners, or -EAGAIN if it is about to be removed. */
static __always_inline int add_owner(struct force_rule *rule, __u64 owner)
{
	struct owner_search search = { .rule = rule, .owner = owner, .result = -EUSERS };

	bpf_loop(FORCE_RULE_OWNERS, try_owner, &search, 0);
	return search.result;
}

/*
 * An identity that no enforcer has, since the smallest is FORCE_ENFORCERS. Not 0, which ends the
 * list.
 */
#define VACANT (1ULL << FORCE_MEMBERSHIP_BITS)

static long withdraw_owner(__u64 index, struct owner_search *search)
{
	__u64 *owner = &search->rule->owners[index & (FORCE_RULE_OWNERS - 1)];

	__sync_val_compare_and_swap(owner, search->owner, VACANT);
	return 0;
}

/*
 * Returns what add_owner() returns, or -E2BIG if the map is full. A rule that was removed meanwhile
 * may already belong to another key (bpf_mem_cache_free() in htab_elem_free()).
 */
static __always_inline int add_rule(void *map, const void *key, __u64 owner)
{
	struct force_rule *rule = bpf_map_lookup_elem(map, key);
	struct owner_search withdrawn = { .owner = owner };
	int err;

	if (!rule) {
		err = bpf_map_update_elem(map, key, &no_owner, BPF_NOEXIST);
		if (err && err != -EEXIST)
			return err;
		rule = bpf_map_lookup_elem(map, key);
	}
	if (!rule)
		return -EAGAIN;
	err = add_owner(rule, owner);
	if (err || bpf_map_lookup_elem(map, key) == rule)
		return err;
	withdrawn.rule = rule;
	bpf_loop(FORCE_RULE_OWNERS, withdraw_owner, &withdrawn, 0);
	return -EAGAIN;
}

struct rule_closing {
	struct force_rule *rule;
	__u32 closed; /* number of places that this call has closed */
	bool all;
};

static long close_place(__u64 index, struct rule_closing *closing)
{
	__u64 *owner = &closing->rule->owners[index & (FORCE_RULE_OWNERS - 1)];
	__u64 was = *(volatile __u64 *)owner;

	closing->all = is_vacant(was) &&
		       __sync_val_compare_and_swap(owner, was, FORCE_RULE_CLOSED) == was;
	if (!closing->all)
		return 1;
	closing->closed++;
	return !was;
}

static long reopen_place(__u64 index, struct force_rule **rule)
{
	__u64 *owner = &(*rule)->owners[index & (FORCE_RULE_OWNERS - 1)];

	__sync_val_compare_and_swap(owner, FORCE_RULE_CLOSED, VACANT);
	return 0;
}

/*
 * Removes the rule if all its owners have exited. Closes its places first, so that no owner is
 * added to a rule that is being removed.
 */
static __always_inline void collect_rule(void *map, const void *key, struct force_rule *rule)
{
	struct rule_closing closing = { .rule = rule };

	bpf_loop(FORCE_RULE_OWNERS, close_place, &closing, 0);
	if (closing.all)
		bpf_map_delete_elem(map, key);
	else
		bpf_loop(closing.closed, reopen_place, &rule, 0);
}

static long collect_path(void *map, struct force_path *key, struct force_rule *rule, void *unused)
{
	collect_rule(&cgroup_paths, key, rule);
	return 0;
}

static long collect_comm(void *map, struct force_comm *key, struct force_rule *rule, void *unused)
{
	collect_rule(&comms, key, rule);
	return 0;
}

static long collect_uid(void *map, __u32 *key, struct force_rule *rule, void *unused)
{
	collect_rule(&uids, key, rule);
	return 0;
}

/* A walk may miss a rule while another one is removed. The next walk finds it. */
static __always_inline void collect_rules(void)
{
	bpf_for_each_map_elem(&cgroup_paths, collect_path, NULL, 0);
	bpf_for_each_map_elem(&comms, collect_comm, NULL, 0);
	bpf_for_each_map_elem(&uids, collect_uid, NULL, 0);
}

#endif /* RULES_BPF_H */
