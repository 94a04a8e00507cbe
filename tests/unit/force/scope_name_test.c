// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of attached scopes, and of their folders. */
#include <string.h>

#include "common/fixture.h"
#include "force/scope_name.h"

static void assert_folder(const char *name, const char *wanted)
{
	char folder[SCOPE_FOLDER_SIZE], again[SCOPE_NAME_LENGTH + 1];

	assert_true(scope_name_is_valid(name));
	scope_name_to_folder(name, folder);
	assert_string_equal(folder, wanted);
	assert_true(scope_name_of_folder(folder, again));
	assert_string_equal(again, name);
}

static void test_folders(void **state)
{
	(void)state;
	assert_folder("web", "web");
	assert_folder("php8.2-fpm", "php8%2E2-fpm");
	assert_folder("a@b:c_d-E.service", "a@b:c_d-E%2Eservice");
	assert_folder("with\\x2ddash", "with%5Cx2ddash");
	assert_folder(".", "%2E");
	assert_folder("..", "%2E%2E");
}

static void test_longest(void **state)
{
	char name[SCOPE_NAME_LENGTH + 2], folder[SCOPE_FOLDER_SIZE];

	(void)state;
	memset(name, '.', sizeof(name));
	name[SCOPE_NAME_LENGTH + 1] = '\0';
	assert_false(scope_name_is_valid(name));
	name[SCOPE_NAME_LENGTH] = '\0';
	assert_true(scope_name_is_valid(name));
	scope_name_to_folder(name, folder);
	assert_int_equal(strlen(folder), SCOPE_FOLDER_SIZE - 1);
}

static void test_invalid(void **state)
{
	static const char *const names[] = { "",    "a/b", "/",	       "a b", "-a",
					     "a%b", "a\n", "\xc3\xa4", "a*",  "a\x7f" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_false(scope_name_is_valid(names[i]));
}

static void test_other_folders(void **state)
{
	static const char *const folders[] = { "",	"a.b", "%",  "%2",  "%2e",  "%41",
					       "a%2Fb", "%00", "-a", "a b", "%5Cx%" };
	char name[SCOPE_NAME_LENGTH + 1], longest[SCOPE_NAME_LENGTH + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_false(scope_name_of_folder(folders[i], name));
	memset(longest, 'x', sizeof(longest));
	longest[SCOPE_NAME_LENGTH + 1] = '\0';
	assert_false(scope_name_of_folder(longest, name));
	longest[SCOPE_NAME_LENGTH] = '\0';
	assert_true(scope_name_of_folder(longest, name));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folders),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_other_folders),
	};

	return cmocka_run_group_tests_name("scope_name", tests, NULL, NULL);
}
