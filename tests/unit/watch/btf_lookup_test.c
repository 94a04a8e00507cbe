// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions and members of kernel types are found, and what shows a fallback on which kernel. */
#include <stdbool.h>

#include <bpf/btf.h>

#include "watch/btf_lookup.h"
#include "common/fixture.h"

static struct btf *btf;

static int make_btf(void **state)
{
	(void)state;
	btf = btf__new_empty();
	return btf ? 0 : -1;
}

static int free_btf(void **state)
{
	(void)state;
	btf__free(btf);
	return 0;
}

static void add_function(const char *name)
{
	int prototype = btf__add_func_proto(btf, 0);

	assert_true(prototype > 0);
	assert_true(btf__add_func(btf, name, BTF_FUNC_STATIC, prototype) > 0);
}

static void add_structure(const char *name, const char *member)
{
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);

	assert_true(number > 0);
	assert_true(btf__add_struct(btf, name, 4) > 0);
	assert_int_equal(btf__add_field(btf, member, number, 0, 0), 0);
}

static void test_function(void **state)
{
	(void)state;
	add_function("mptcp_event");
	assert_true(has_function(btf, "mptcp_event"));
	assert_false(has_function(btf, "mptcp_even"));
}

static void test_member(void **state)
{
	(void)state;
	add_structure("mptcp_sock", "token");
	assert_true(has_member(btf, "mptcp_sock", "token"));
	assert_false(has_member(btf, "mptcp_sock", "tok"));
	assert_false(has_member(btf, "tcp_sock", "token"));
}

static void test_fallback_is_called(void **state)
{
	(void)state;
	assert_false(shows_fallback(btf));
	add_function("__mptcp_try_fallback");
	assert_true(shows_fallback(btf));
}

/* Without the field, as in Linux 6.2 to 6.15 without that fix, no connection ever looks fallen back. */
static void test_fallback_is_a_field(void **state)
{
	(void)state;
	add_function("__mptcp_data_acked");
	assert_false(shows_fallback(btf));
	add_structure("mptcp_sock", "allow_subflows");
	assert_true(shows_fallback(btf));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_function, make_btf, free_btf),
		cmocka_unit_test_setup_teardown(test_member, make_btf, free_btf),
		cmocka_unit_test_setup_teardown(test_fallback_is_called, make_btf, free_btf),
		cmocka_unit_test_setup_teardown(test_fallback_is_a_field, make_btf, free_btf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
