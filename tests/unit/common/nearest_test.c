// SPDX-License-Identifier: GPL-2.0-or-later
/* The distance between what was typed and what may have been meant. */
#include <string.h>

#include "common/fixture.h"
#include "common/nearest.h"

static size_t distance(const char *left, const char *right)
{
	size_t there = nearest_distance(left, strlen(left), right, strlen(right));

	assert_int_equal(there, nearest_distance(right, strlen(right), left, strlen(left)));
	return there;
}

static void test_distances(void **state)
{
	(void)state;
	assert_int_equal(distance("", ""), 0);
	assert_int_equal(distance("failover", "failover"), 0);
	assert_int_equal(distance("", "lost"), 4);
	assert_int_equal(distance("lst", "lost"), 1);
	assert_int_equal(distance("loost", "lost"), 1);
	assert_int_equal(distance("lest", "lost"), 1);
	assert_int_equal(distance("lsot", "lost"), 1);
	assert_int_equal(distance("failvoer", "failover"), 1);
	assert_int_equal(distance("clsoed", "closed"), 1);
	assert_int_equal(distance("established", "sub_established"), 4);
	assert_int_equal(distance("stale", "lost"), 5);
}

static void test_long_words(void **state)
{
	char longest[NEAREST_LONGEST + 1], longer[NEAREST_LONGEST + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[NEAREST_LONGEST] = '\0';
	memset(longer, 'x', sizeof(longer));
	longer[NEAREST_LONGEST + 1] = '\0';
	assert_int_equal(distance(longest, longest), 0);
	assert_int_equal(distance(longest, "x"), NEAREST_LONGEST - 1);
	assert_int_equal(distance(longer, longest), NEAREST_LONGEST + 1);
}

static void test_words(void **state)
{
	static const char *const words[] = { "record", "replay", "check", NULL };

	(void)state;
	assert_string_equal(nearest_word("recrod", 6, words), "record");
	assert_string_equal(nearest_word("chekc, behind it", 5, words), "check");
	assert_null(nearest_word("curl", 4, words));
	assert_null(nearest_word("", 0, words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distances),
		cmocka_unit_test(test_long_words),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
