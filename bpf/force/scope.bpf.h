/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose scope is a task in? Every program that needs to know calls verdict_of(), so that the hook,
 * the io_uring counter and the count of running tasks cannot disagree. A cgroup never changes its
 * parent, so the rules' effect on it changes only when an enforcer joins or leaves. It is computed
 * at the cgroup's first socket and then cached: the cost depends neither on the depth of the
 * hierarchy nor on the number of rules or enforcers.
 */
#ifndef SCOPE_BPF_H
#define SCOPE_BPF_H

#include "common/cast.h"
#include "common/cgroup2.bpf.h"
#include "recent.bpf.h"
#include "rules.bpf.h"

/* A bit for each enforcer's place. */
#define PLACE_WORDS (FORCE_ENFORCERS / 64)

struct claims {
	__u64 included[PLACE_WORDS];
	__u64 excluded[PLACE_WORDS];
	__u64 joining; /* an identity that counts although it is not active yet, or 0 */
};

struct rule_walk {
	const struct force_rule *rule;
	struct claims *claims;
};

static long add_claim(__u64 index, struct rule_walk *walk)
{
	__u64 owner = walk->rule->owners[index & (FORCE_RULE_OWNERS - 1)];
	__u32 place = FORCE_PLACE(identity_of(owner));
	__u64 bit = 1ULL << (place % 64);

	if (!owner)
		return 1;
	if (identity_of(owner) != walk->claims->joining && !active_enforcer(identity_of(owner)))
		return 0;
	if (owner & FORCE_INCLUDED)
		walk->claims->included[place / 64] |= bit;
	if (owner & FORCE_EXCLUDED)
		walk->claims->excluded[place / 64] |= bit;
	return 0;
}

static __always_inline void add_claims(struct claims *claims, const struct force_rule *rule)
{
	struct rule_walk walk = { .rule = rule, .claims = claims };

	if (rule)
		bpf_loop(FORCE_RULE_OWNERS, add_claim, &walk, 0);
}

struct ancestor_walk {
	const struct cgroup *cgroup;
	struct claims *claims;
};

static long visit_ancestor(__u64 index, struct ancestor_walk *walk)
{
	const struct cgroup *cgroup = walk->cgroup;
	__u64 id = BPF_CORE_READ(cgroup, kn, id);

	add_claims(walk->claims, bpf_map_lookup_elem(&cgroups, &id));
	walk->cgroup = parent_of(cgroup);
	return !walk->cgroup;
}

/* A number to the verifier, for claim_by_cgroup(). */
static __always_inline __u64 cgroup_of(const struct task_struct *task)
{
	return (__u64)BPF_CORE_READ(task, cgroups, dfl_cgrp);
}

/*
 * Adds the claims on the cgroup and those on every task. Not static, like choose(): the verifier checks it once for
 * each program, instead of for each way in which a caller gets there. Such a function takes no pointer to an object of
 * the kernel, but its address.
 */
__noinline int claim_by_cgroup(struct claims *claims, __u64 cgroup)
{
	struct ancestor_walk walk = { .cgroup = (const struct cgroup *)cgroup, .claims = claims };

	if (!claims)
		return -EINVAL;
	add_claims(claims, &everyone);
	bpf_loop(CGROUP_LEVELS, visit_ancestor, &walk, 0);
	return 0;
}

static __always_inline const struct force_rule *rule_of_name(const struct task_struct *task)
{
	struct force_comm comm;

	/* Names are padded with zeroes (strscpy_pad() in __set_task_comm()). */
	__builtin_memcpy(&comm, task->comm, sizeof(comm));
	return bpf_map_lookup_elem(&comms, &comm);
}

/* The effective uid, which owns the socket and is shown by ps, ss and nftables. */
static __always_inline __u32 uid_of(struct task_struct *task)
{
	return UNTRUSTED(struct task_struct, task)->cred->euid.val;
}

static __always_inline const struct force_rule *rule_of_uid(struct task_struct *task)
{
	__u32 uid = uid_of(task);

	return bpf_map_lookup_elem(&uids, &uid);
}

/* Programs are known by the name of the process; the name of a thread counts too. */
static __always_inline bool has_leader(struct task_struct *task)
{
	return task->tgid != task->pid;
}

static __always_inline const struct task_struct *leader_of(struct task_struct *task)
{
	return UNTRUSTED(struct task_struct, task)->group_leader;
}

/* Whether a rule names this task, regardless of its cgroup. */
static __always_inline bool has_task_rules(struct task_struct *task)
{
	if (*(volatile bool *)&names_comms) {
		if (rule_of_name(task))
			return true;
		if (has_leader(task) && rule_of_name(leader_of(task)))
			return true;
	}
	return *(volatile bool *)&names_uids && rule_of_uid(task);
}

static __always_inline void claim_by_task(struct claims *claims, struct task_struct *task)
{
	add_claims(claims, rule_of_name(task));
	if (has_leader(task))
		add_claims(claims, rule_of_name(leader_of(task)));
	add_claims(claims, rule_of_uid(task));
}

struct choice {
	const struct claims *claims;
	__u32 word;
	__u64 included_since, excluded_since; /* enforcer.joined of those chosen; 0: none */
	__u32 included, excluded;	      /* verdicts */
};

static long choose_place(__u64 bit, struct choice *choice)
{
	__u32 word = choice->word & (PLACE_WORDS - 1);
	__u32 place = word * 64 + (bit & 63);
	__u64 mask = 1ULL << (bit & 63);
	const struct enforcer *enforcer;
	__u32 verdict;

	if (!(choice->claims->included[word] & mask))
		return 0;
	enforcer = enforcer_at(place);
	if (!enforcer)
		return 0;
	/* Branch-free: the verifier would follow each branch. */
	verdict = place + 1 + (enforcer->target & FORCE_TO_TCP) * TO_TCP;
	if (!(choice->claims->excluded[word] & mask)) {
		if (enforcer->joined > choice->included_since) {
			choice->included_since = enforcer->joined;
			choice->included = verdict;
		}
	} else if (enforcer->joined > choice->excluded_since) {
		choice->excluded_since = enforcer->joined;
		choice->excluded = verdict + NOT_TO_MPTCP;
	}
	return 0;
}

static long choose_word(__u64 word, struct choice *choice)
{
	choice->word = word;
	if (choice->claims->included[word & (PLACE_WORDS - 1)])
		bpf_loop(64, choose_place, choice, 0);
	return 0;
}

/* One enforcer's exclusion does not stop another from including the task. */
__noinline __u32 choose(struct claims *claims)
{
	struct choice choice = { .claims = claims };

	if (!claims)
		return NOT_INCLUDED;
	bpf_loop(PLACE_WORDS, choose_word, &choice, 0);
	return choice.included ?: choice.excluded;
}

/*
 * Whether the enforcer of a recent verdict still runs. When it leaves or is replaced, the epoch
 * changes.
 */
static __always_inline bool enforcer_runs(__u32 verdict)
{
	const struct enforcer *enforcer = enforcer_at(place_of(verdict));

	return enforcer && is_alive(enforcer, place_of(verdict));
}

/* Whether a word that was kept has a verdict that holds, and these bits above it. */
static __always_inline bool is_valid_verdict(__u64 word, __u64 others)
{
	__u32 verdict = word & VERDICT_MASK;

	return (word & ~VERDICT_MASK) == others &&
	       (verdict == NOT_INCLUDED || enforcer_runs(verdict));
}

static __noinline __u32 verdict_by_cgroup(struct task_struct *task, __u64 id)
{
	/* Atomic, so that the rules are not read before it. */
	__u64 before = __sync_fetch_and_add(&epoch, 0) & ~VERDICT_MASK;
	struct claims claims = {};
	__u32 verdict;

	claim_by_cgroup(&claims, cgroup_of(task));
	verdict = choose(&claims);
	/*
	 * With the earlier epoch: if an enforcer has joined meanwhile, the word is already invalid.
	 */
	if (!(id >> CACHED_ID_BITS))
		recent_cgroups[id % RECENT_CGROUPS] = before | id << VERDICT_BITS | verdict;
	return verdict;
}

/*
 * The verdicts on recent tasks that rules name. The key is all that such a verdict depends on, besides the rules:
 * a task that executes another program, or changes its name or user, has another key.
 */
struct task_key {
	struct force_comm comm;
	struct force_comm leader;
	__u64 cgroup;
	__u64 uid;
};

/* The value is a verdict in the low bits, and generation above it. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct task_key);
	__type(value, __u64);
} recent_tasks SEC(".maps");

static __always_inline void fill_task_key(struct task_key *key, struct task_struct *task,
					  __u64 cgroup)
{
	__builtin_memcpy(&key->comm, task->comm, sizeof(key->comm));
	if (has_leader(task))
		__builtin_memcpy(&key->leader, leader_of(task)->comm, sizeof(key->leader));
	key->cgroup = cgroup;
	key->uid = uid_of(task);
}

static __noinline __u32 verdict_by_task(struct task_struct *task, __u64 id)
{
	/* Atomic, so that the rules are not read before it. */
	__u64 before = __sync_fetch_and_add(&generation, 0) << VERDICT_BITS, word;
	/* One after the other: there is little room on the stack. */
	union {
		struct task_key key;
		struct claims claims;
	} at = {};
	const __u64 *recent;

	fill_task_key(&at.key, task, id);
	recent = bpf_map_lookup_elem(&recent_tasks, &at.key);
	if (recent && is_valid_verdict(*recent, before))
		return *recent & VERDICT_MASK;
	__builtin_memset(&at, 0, sizeof(at));
	claim_by_task(&at.claims, task);
	claim_by_cgroup(&at.claims, cgroup_of(task));
	word = before | choose(&at.claims);
	__builtin_memset(&at.key, 0, sizeof(at.key));
	fill_task_key(&at.key, task, id);
	bpf_map_update_elem(&recent_tasks, &at.key, &word, BPF_ANY);
	return word & VERDICT_MASK;
}

/* id is the id of the task's cgroup, and word the result of read_recent() for it. */
static __always_inline __u32 verdict_of(struct task_struct *task, __u64 id, __u64 word)
{
	__u64 now = read_epoch();

	if (now & VERDICT_MASK && has_task_rules(task))
		return verdict_by_task(task, id);
	if (is_valid_verdict(word, (now & ~VERDICT_MASK) | id << VERDICT_BITS))
		return word & VERDICT_MASK;
	return verdict_by_cgroup(task, id);
}

/*
 * The same for the calling task. Not static: the verifier checks it once for each program, and its
 * callers for any verdict at once.
 */
__noinline __u32 verdict_by_rules(__u64 id, __u64 word)
{
	return verdict_of(bpf_get_current_task_btf(), id, word);
}

/* The same, shorter for a recent cgroup while no rules name tasks. */
static __always_inline __u32 verdict_of_caller(__u64 id, __u64 word)
{
	return is_valid_verdict(word, read_epoch() | id << VERDICT_BITS)
		       ? word & VERDICT_MASK
		       : verdict_by_rules(id, word);
}

/* Whether that enforcer, active or not, includes the task and does not exclude it. */
static __noinline bool is_enforced_by(struct task_struct *task, __u64 identity)
{
	__u32 place = FORCE_PLACE(identity), word = place / 64;
	struct claims claims = { .joining = identity };

	claim_by_task(&claims, task);
	claim_by_cgroup(&claims, cgroup_of(task));
	return (claims.included[word] & ~claims.excluded[word]) >> (place % 64) & 1;
}

#endif /* SCOPE_BPF_H */
