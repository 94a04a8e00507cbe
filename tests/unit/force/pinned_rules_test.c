// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules of a scope, as they are pinned. */
#include <stdlib.h>
#include <string.h>

#include "common/fixture.h"
#include "force/pinned_rules.h"

static void assert_rule(const struct force_pinned_rule *rule, unsigned int type,
			unsigned int excluded, const char *text)
{
	assert_int_equal(rule->type, type);
	assert_int_equal(rule->excluded, excluded);
	assert_string_equal(rule->text, text);
}

static void test_all_kinds(void **state)
{
	struct scope_cgroup cgroups[] = {
		{ .membership = FORCE_INCLUDED, .kernel_path.path = "/app" },
		{ .membership = FORCE_EXCLUDED, .kernel_path.path = "/app/not" },
	};
	/* Without a zero at the end. */
	struct scope_comm comm = { .membership = FORCE_EXCLUDED };
	struct scope_uid uid = { .membership = FORCE_INCLUDED, .uid = 4294967294U };
	const struct scope scope = { .all = true,
				     .cgroups = cgroups,
				     .n_cgroups = 2,
				     .comms = &comm,
				     .n_comms = 1,
				     .uids = &uid,
				     .n_uids = 1 };
	struct force_pinned_rule *rules;
	unsigned int count;

	(void)state;
	memset(comm.comm.name, 'x', sizeof(comm.comm.name));
	rules = pinned_rules_list(&scope, &count);
	assert_non_null(rules);
	assert_int_equal(count, 5);
	assert_rule(&rules[0], FORCE_PINNED_ALL, 0, "");
	assert_rule(&rules[1], FORCE_PINNED_CGROUP, 0, "/app");
	assert_rule(&rules[2], FORCE_PINNED_CGROUP, 1, "/app/not");
	assert_rule(&rules[3], FORCE_PINNED_COMM, 1, "xxxxxxxxxxxxxxxx");
	assert_rule(&rules[4], FORCE_PINNED_UID, 0, "4294967294");
	free(rules);
}

static void test_longest_path(void **state)
{
	struct scope_cgroup cgroup = { .membership = FORCE_INCLUDED };
	const struct scope scope = { .cgroups = &cgroup, .n_cgroups = 1 };
	struct force_pinned_rule *rules;
	unsigned int count;

	(void)state;
	memset(cgroup.kernel_path.path, 'x', FORCE_PATH_LEN - 1);
	rules = pinned_rules_list(&scope, &count);
	assert_non_null(rules);
	assert_int_equal(count, 1);
	assert_int_equal(strlen(rules[0].text), FORCE_PATH_LEN - 1);
	free(rules);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_kinds),
		cmocka_unit_test(test_longest_path),
	};

	return cmocka_run_group_tests_name("pinned_rules", tests, NULL, NULL);
}
