// SPDX-License-Identifier: GPL-2.0-or-later
/* Whatever bytes go in, what comes out is UTF-8 (RFC 3629), and what was UTF-8 is not changed. */
#include <string.h>

#include "common/fixture.h"
#include "common/utf8.h"

#define BAD "\xef\xbf\xbd" /* U+FFFD */

static void assert_escaped(const char *in, const char *wanted)
{
	size_t length = strlen(in);
	/* No more than is promised to be enough, for the address sanitizer to watch. */
	char *exact = test_malloc(length + 1), *out = test_malloc(length * UTF8_ESCAPE_MAX + 1);

	memcpy(exact, in, length);
	*utf8_escape(out, exact, length) = '\0';
	assert_string_equal(out, wanted);
	test_free(exact);
	test_free(out);
}

static void test_valid(void **state)
{
	static const char *const valid[] = {
		"",
		"app",
		"\xc2\xa0\xdf\xbf",		    /* U+00A0, U+07FF */
		"\xe0\xa0\x80\xed\x9f\xbf",	    /* U+0800, U+D7FF */
		"\xee\x80\x80\xef\xbf\xbf",	    /* U+E000, U+FFFF */
		"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", /* U+10000, U+10FFFF */
		"\xf0\x9f\x98\x80 \xc3\xa4",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
		assert_escaped(valid[i], valid[i]);
}

static void test_overlong(void **state)
{
	(void)state;
	assert_escaped("\xc0\x80", BAD BAD);
	assert_escaped("\xc1\xbf", BAD BAD);
	assert_escaped("\xe0\x9f\xbf", BAD BAD BAD);
	assert_escaped("\xf0\x8f\xbf\xbf", BAD BAD BAD BAD);
}

static void test_surrogates(void **state)
{
	(void)state;
	assert_escaped("\xed\xa0\x80", BAD BAD BAD);
	assert_escaped("\xed\xbf\xbf", BAD BAD BAD);
}

static void test_beyond(void **state)
{
	(void)state;
	assert_escaped("\xf4\x90\x80\x80", BAD BAD BAD BAD);
	assert_escaped("\xf5\x80\x80\x80", BAD BAD BAD BAD);
	assert_escaped("\xff\xfe", BAD BAD);
}

static void test_truncated(void **state)
{
	(void)state;
	assert_escaped("a\xc3", "a" BAD);
	assert_escaped("a\xe2\x82", "a" BAD BAD);
	assert_escaped("a\xf0\x9f\x98", "a" BAD BAD BAD);
	/* What follows is not swallowed. */
	assert_escaped("\xc3(", BAD "(");
	assert_escaped("\xe2\x82(", BAD BAD "(");
	assert_escaped("\xf0\x9f\x98\xc3\xa4", BAD BAD BAD "\xc3\xa4");
	assert_escaped("\x80z\xbf", BAD "z" BAD);
}

/* What JSON must not have in a string, as short as JSON allows. */
static void test_json(void **state)
{
	(void)state;
	assert_escaped("say \"hi\" \\ /", "say \\\"hi\\\" \\\\ /");
	assert_escaped("\b\f\n\r\t", "\\b\\f\\n\\r\\t");
	assert_escaped("\x01\x1f\x0b", "\\u0001\\u001f\\u000b");
}

static void test_escaped(void **state)
{
	(void)state;
	assert_escaped("\x7f", "\\u007f");
	assert_escaped("\xc2\x80\xc2\x9b\xc2\x9f", "\\u0080\\u009b\\u009f");
	assert_escaped("\xd8\x9c", "\\u061c");
	assert_escaped("a\xe2\x80\x8e\xe2\x80\x8f", "a\\u200e\\u200f");
	assert_escaped("\xe2\x80\xa8\xe2\x80\xaez", "\\u2028\\u202ez");
	assert_escaped("\xe2\x81\xa6\xe2\x81\xa9", "\\u2066\\u2069");
}

/* Their neighbours are letters, spaces and symbols. */
static void test_not_escaped(void **state)
{
	static const char *const plain[] = {
		"",
		"a~ {}:'",
		"\xc2\xa0\xc3\xa4",			/* U+00A0, U+00E4 */
		"\xd8\x9b\xd8\x9d",			/* U+061B, U+061D */
		"\xe2\x80\x8d\xe2\x80\x90",		/* U+200D, U+2010 */
		"\xe2\x80\xa7\xe2\x80\xaf",		/* U+2027, U+202F */
		"\xe2\x81\xa5\xe2\x81\xaa\xef\xbf\xbd", /* U+2065, U+206A, U+FFFD */
		"\xf0\x92\x80\xa8\xf0\x9f\x98\x80",	/* U+12028, U+1F600 */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		assert_escaped(plain[i], plain[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),	   cmocka_unit_test(test_overlong),
		cmocka_unit_test(test_surrogates), cmocka_unit_test(test_beyond),
		cmocka_unit_test(test_truncated),  cmocka_unit_test(test_json),
		cmocka_unit_test(test_escaped),	   cmocka_unit_test(test_not_escaped),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
