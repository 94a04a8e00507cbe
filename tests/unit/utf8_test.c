// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever bytes go in, what comes out is UTF-8 (RFC 3629), and what was UTF-8 is not changed. */
#include <string.h>

#include "fixture.h"
#include "utf8.h"

#define BAD "\xef\xbf\xbd" /* U+FFFD */

static void assert_cleaned(const char *in, const char *wanted)
{
	size_t length = strlen(in);
	/* No more than is promised to be enough, for the address sanitizer to watch. */
	char *exact = test_malloc(length + 1), *out = test_malloc(length * 3 + 1);

	memcpy(exact, in, length);
	utf8_clean(out, exact, length);
	assert_string_equal(out, wanted);
	test_free(exact);
	test_free(out);
}

static void test_valid(void **state)
{
	static const char *const valid[] = {
		"",
		"app",
		"\x01\t\n\x7f",
		"\xc2\x80\xdf\xbf",		    /* U+0080, U+07FF */
		"\xe0\xa0\x80\xed\x9f\xbf",	    /* U+0800, U+D7FF */
		"\xee\x80\x80\xef\xbf\xbf",	    /* U+E000, U+FFFF */
		"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", /* U+10000, U+10FFFF */
		"\xf0\x9f\x98\x80 \xc3\xa4",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
		assert_cleaned(valid[i], valid[i]);
}

static void test_overlong(void **state)
{
	(void)state;
	assert_cleaned("\xc0\x80", BAD BAD);
	assert_cleaned("\xc1\xbf", BAD BAD);
	assert_cleaned("\xe0\x9f\xbf", BAD BAD BAD);
	assert_cleaned("\xf0\x8f\xbf\xbf", BAD BAD BAD BAD);
}

static void test_surrogates(void **state)
{
	(void)state;
	assert_cleaned("\xed\xa0\x80", BAD BAD BAD);
	assert_cleaned("\xed\xbf\xbf", BAD BAD BAD);
}

static void test_beyond(void **state)
{
	(void)state;
	assert_cleaned("\xf4\x90\x80\x80", BAD BAD BAD BAD);
	assert_cleaned("\xf5\x80\x80\x80", BAD BAD BAD BAD);
	assert_cleaned("\xff\xfe", BAD BAD);
}

static void test_truncated(void **state)
{
	(void)state;
	assert_cleaned("a\xc3", "a" BAD);
	assert_cleaned("a\xe2\x82", "a" BAD BAD);
	assert_cleaned("a\xf0\x9f\x98", "a" BAD BAD BAD);
	/* What follows is not swallowed. */
	assert_cleaned("\xc3(", BAD "(");
	assert_cleaned("\xe2\x82(", BAD BAD "(");
	assert_cleaned("\xf0\x9f\x98\xc3\xa4", BAD BAD BAD "\xc3\xa4");
	assert_cleaned("\x80z\xbf", BAD "z" BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),	   cmocka_unit_test(test_overlong),
		cmocka_unit_test(test_surrogates), cmocka_unit_test(test_beyond),
		cmocka_unit_test(test_truncated),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
