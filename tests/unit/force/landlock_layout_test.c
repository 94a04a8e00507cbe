// SPDX-License-Identifier: GPL-2.0-or-later
/* Where Landlock keeps its data: as of Linux 6.12, as of 7.3, and where that cannot be known. */
#include <stdbool.h>

#include <bpf/btf.h>

#include "common/fixture.h"
#include "force/landlock_layout.h"

static struct btf *btf;
static int number;

static int make_btf(void **state)
{
	(void)state;
	btf = btf__new_empty();
	number = btf ? btf__add_int(btf, "unsigned int", 4, 0) : -1;
	return number > 0 ? 0 : -1;
}

static int free_btf(void **state)
{
	(void)state;
	btf__free(btf);
	return 0;
}

static void add_field(const char *name, int type, __u32 bits, __u32 width)
{
	assert_int_equal(btf__add_field(btf, name, type, bits, width), 0);
}

/* struct access_masks { fs: some bits; net; } */
static int add_masks(__u32 fs_width, __u32 size)
{
	int id = btf__add_struct(btf, "access_masks", size);

	assert_true(id > 0);
	add_field("fs", number, 0, fs_width);
	add_field("net", number, fs_width, 2);
	return id;
}

/* As in the kernel: struct name { 8 bytes; union { a pointer; struct { count; masks[0] }; }; } */
static void add_domain(const char *name, const char *masks, int mask)
{
	int array = btf__add_array(btf, number, mask, 0), inner, either;

	inner = btf__add_struct(btf, NULL, 8);
	add_field("usage", number, 0, 0);
	add_field("num_layers", number, 32, 0);
	add_field(masks, array, 64, 0);
	either = btf__add_union(btf, NULL, 8);
	add_field("work_free", number, 0, 0);
	add_field(NULL, inner, 0, 0);
	assert_true(btf__add_struct(btf, name, 24) > 0);
	add_field("rules", number, 0, 0);
	add_field(NULL, either, 128, 0);
}

static void test_linux_6_12(void **state)
{
	struct force_landlock_layout layout;

	(void)state;
	add_domain("landlock_ruleset", "access_masks", add_masks(16, 4));
	layout = landlock_layout(btf);
	assert_true(layout.known);
	assert_int_equal(layout.num_layers, 20);
	assert_int_equal(layout.masks, 24);
	assert_int_equal(layout.net_shift, 16);
}

static void test_linux_7_3(void **state)
{
	struct force_landlock_layout layout;
	int mask = add_masks(17, 4);

	(void)state;
	add_domain("landlock_ruleset", "quiet_masks", mask);
	add_domain("landlock_domain", "handled_masks", mask);
	layout = landlock_layout(btf);
	assert_true(layout.known);
	assert_int_equal(layout.num_layers, 20);
	assert_int_equal(layout.net_shift, 17);
}

static void test_unknown(void **state)
{
	(void)state;
	assert_false(landlock_layout(btf).known);
	add_domain("landlock_ruleset", "handled", add_masks(16, 4));
	assert_false(landlock_layout(btf).known);
}

static void test_larger_masks(void **state)
{
	(void)state;
	add_domain("landlock_domain", "handled_masks", add_masks(32, 8));
	assert_false(landlock_layout(btf).known);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, make_btf, free_btf)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_linux_6_12),
		test_of(test_linux_7_3),
		test_of(test_unknown),
		test_of(test_larger_masks),
	};

	return cmocka_run_group_tests_name("landlock_layout", tests, NULL, NULL);
}
