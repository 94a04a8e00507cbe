// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions of a kernel are found by name, also where its type information has many. */
#include <stdio.h>

#include <bpf/btf.h>

#include "common/fixture.h"
#include "common/kernel_btf.h"

#define FUNCTIONS 3000

static bool has_btf;

struct btf *__wrap_btf__load_vmlinux_btf(void);

/* Functions with even numbers, and a structure for each odd one. */
struct btf *__wrap_btf__load_vmlinux_btf(void)
{
	struct btf *btf = has_btf ? btf__new_empty() : NULL;
	char name[32];
	int i;

	for (i = 0; btf && i < FUNCTIONS; i++) {
		snprintf(name, sizeof(name), "function_%d", i);
		if (i % 2)
			btf__add_struct(btf, name, 0);
		else
			btf__add_func(btf, name, BTF_FUNC_STATIC, 1);
	}
	return btf;
}

static void test_functions(void **state)
{
	char name[32];
	int i;

	(void)state;
	has_btf = true;
	for (i = 0; i < FUNCTIONS + 10; i++) {
		snprintf(name, sizeof(name), "function_%d", i);
		assert_int_equal(kernel_has_function(name), i < FUNCTIONS && i % 2 == 0);
	}
	assert_false(kernel_has_function(""));
	assert_false(kernel_has_function("function_"));
	kernel_btf_forget();
}

static void test_forgotten(void **state)
{
	(void)state;
	has_btf = true;
	assert_true(kernel_has_function("function_0"));
	kernel_btf_forget();
	has_btf = false;
	assert_false(kernel_has_function("function_0"));
	kernel_btf_forget();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_forgotten),
	};

	return cmocka_run_group_tests_name("kernel_btf", tests, NULL, NULL);
}
