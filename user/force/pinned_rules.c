// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "pinned_rules.h"

/* The text is written to the returned rule. */
static struct force_pinned_rule *add(struct force_pinned_rule *rules, unsigned int *count,
				     enum force_pinned_rule_type type,
				     enum force_membership membership)
{
	struct force_pinned_rule *rule = &rules[(*count)++];

	rule->type = type;
	rule->excluded = membership == FORCE_EXCLUDED;
	return rule;
}

struct force_pinned_rule *pinned_rules_list(const struct scope *scope, unsigned int *count)
{
	struct force_pinned_rule *rules, *rule;
	size_t i;

	*count = 0;
	rules = calloc(1 + scope->n_cgroups + scope->n_comms + scope->n_uids, sizeof(*rules));
	if (!rules)
		return NULL;
	if (scope->all)
		add(rules, count, FORCE_PINNED_ALL, FORCE_INCLUDED);
	for (i = 0; i < scope->n_cgroups; i++) {
		rule = add(rules, count, FORCE_PINNED_CGROUP, scope->cgroups[i].membership);
		snprintf(rule->text, sizeof(rule->text), "%s", scope->cgroups[i].kernel_path.path);
	}
	for (i = 0; i < scope->n_comms; i++) {
		rule = add(rules, count, FORCE_PINNED_COMM, scope->comms[i].membership);
		snprintf(rule->text, sizeof(rule->text), "%.*s", FORCE_COMM_LEN,
			 scope->comms[i].comm.name);
	}
	for (i = 0; i < scope->n_uids; i++) {
		rule = add(rules, count, FORCE_PINNED_UID, scope->uids[i].membership);
		snprintf(rule->text, sizeof(rule->text), "%u", scope->uids[i].uid);
	}
	return rules;
}

int pinned_rules_create(const struct scope *scope, unsigned int *count)
{
	struct force_pinned_rule *rules = pinned_rules_list(scope, count);
	int map, err = 0;
	__u32 i;

	if (!rules)
		return -ENOMEM;
	map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "rules", sizeof(__u32), sizeof(*rules), *count,
			     NULL);
	if (map < 0)
		err = -errno;
	for (i = 0; !err && i < *count; i++)
		err = bpf_map_update_elem(map, &i, &rules[i], BPF_ANY) ? -errno : 0;
	free(rules);
	if (!err)
		return map;
	if (map >= 0)
		close(map);
	return err;
}
