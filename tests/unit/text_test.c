// SPDX-License-Identifier: GPL-2.0-or-later
/* The pieces of a text: numbers as printf would have them, columns, and more than there was room for. */
#include <arpa/inet.h>
#include <string.h>

#include "fixture.h"
#include "text.h"

static struct text text;

/* What is in the text, which is empty then. */
static const char *taken(void)
{
	text_add_char(&text, '\0');
	text.length = 0;
	return text.bytes;
}

static void test_numbers(void **state)
{
	(void)state;
	text_add_number(&text, 0);
	text_add_char(&text, ' ');
	text_add_digits(&text, 42, 5);
	text_add_char(&text, ' ');
	text_add_number(&text, UINT64_MAX);
	assert_string_equal(taken(), "0 00042 18446744073709551615");
	text_add_signed(&text, -1);
	text_add_signed(&text, INT64_MIN);
	text_add_signed(&text, INT64_MAX);
	assert_string_equal(taken(), "-1-92233720368547758089223372036854775807");
	text_add_hex32(&text, 0xf);
	text_add_hex32(&text, 0xdeadbeef);
	assert_string_equal(taken(), "0000000fdeadbeef");
}

static void test_ns(void **state)
{
	(void)state;
	text_add_ns(&text, 0, 1000000, 1);
	text_add_char(&text, ' ');
	text_add_ns(&text, 1234567890, 1000000, 1);
	text_add_char(&text, ' ');
	text_add_ns(&text, 999949999, 1000000, 1);
	text_add_char(&text, ' ');
	text_add_ns(&text, 999950000, 1000000, 1);
	text_add_char(&text, ' ');
	text_add_ns(&text, 1500000000, 1000000000, 3);
	assert_string_equal(taken(), "0.0 1234.6 999.9 1000.0 1.500");
}

static void test_addresses(void **state)
{
	uint8_t address[16];

	(void)state;
	inet_pton(AF_INET, "255.0.10.1", address);
	text_add_address(&text, AF_INET, address);
	inet_pton(AF_INET6, "fd00::1", address);
	text_add_address(&text, AF_INET6, address);
	text_add_address(&text, 77, address);
	assert_string_equal(taken(), "255.0.10.1fd00::1?");
}

static void test_columns(void **state)
{
	(void)state;
	text_add(&text, "ab");
	text_pad(&text, 4);
	text_add(&text, "cd");
	/* At least one, also when there is no room for the column. */
	text_pad(&text, 6);
	text_add(&text, "e");
	text_pad(&text, 3);
	assert_string_equal(taken(), "ab  cd e ");
}

static void test_grows(void **state)
{
	static char wanted[100001];
	size_t i;

	(void)state;
	memset(wanted, 'x', sizeof(wanted) - 1);
	for (i = 0; i < sizeof(wanted) - 1; i++)
		text_add_char(&text, 'x');
	assert_string_equal(taken(), wanted);
	text_add_bytes(&text, wanted, sizeof(wanted) - 1);
	text_add_bytes(&text, wanted, sizeof(wanted) - 1);
	assert_int_equal(text.length, 2 * (sizeof(wanted) - 1));
	assert_false(text.cut);
	text_free(&text);
	assert_int_equal(text.room, 0);
}

static bool memory_is_short;

void *__real_realloc(void *bytes, size_t size);
void *__wrap_realloc(void *bytes, size_t size);

void *__wrap_realloc(void *bytes, size_t size)
{
	return memory_is_short ? NULL : __real_realloc(bytes, size);
}

static void test_no_memory(void **state)
{
	size_t room;

	(void)state;
	text_add(&text, "all that fits");
	room = text.room;
	memory_is_short = true;
	text_pad(&text, room + 1);
	assert_true(text.cut);
	text_add(&text, ", and what comes later");
	memory_is_short = false;
	assert_int_equal(text.room, room);
	assert_string_equal(taken(), "all that fits, and what comes later");
	text_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),	  cmocka_unit_test(test_ns),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_columns),
		cmocka_unit_test(test_grows),	  cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
