// SPDX-License-Identifier: GPL-2.0-or-later
/* The pieces of a line: numbers as printf would have them, columns, and an end of the room. */
#include <arpa/inet.h>
#include <string.h>

#include "fixture.h"
#include "line.h"

static struct line line;

/* What is in the line, which is empty then. */
static const char *taken(void)
{
	static char text[LINE_SIZE + 1];

	memcpy(text, line.text, line.length);
	text[line.length] = '\0';
	line.length = 0;
	return text;
}

static void test_numbers(void **state)
{
	(void)state;
	line_add_number(&line, 0, 1);
	line_add_char(&line, ' ');
	line_add_number(&line, 42, 5);
	line_add_char(&line, ' ');
	line_add_number(&line, UINT64_MAX, 1);
	assert_string_equal(taken(), "0 00042 18446744073709551615");
	line_add_signed(&line, -1);
	line_add_signed(&line, INT64_MIN);
	line_add_signed(&line, INT64_MAX);
	assert_string_equal(taken(), "-1-92233720368547758089223372036854775807");
	line_add_hex32(&line, 0xf);
	line_add_hex32(&line, 0xdeadbeef);
	assert_string_equal(taken(), "0000000fdeadbeef");
}

static void test_ns(void **state)
{
	(void)state;
	line_add_ns(&line, 0, 1000000, 1);
	line_add_char(&line, ' ');
	line_add_ns(&line, 1234567890, 1000000, 1);
	line_add_char(&line, ' ');
	line_add_ns(&line, 999949999, 1000000, 1);
	line_add_char(&line, ' ');
	line_add_ns(&line, 999950000, 1000000, 1);
	line_add_char(&line, ' ');
	line_add_ns(&line, 1500000000, 1000000000, 3);
	assert_string_equal(taken(), "0.0 1234.6 999.9 1000.0 1.500");
}

static void test_addresses(void **state)
{
	uint8_t address[16];

	(void)state;
	inet_pton(AF_INET, "255.0.10.1", address);
	line_add_address(&line, AF_INET, address);
	inet_pton(AF_INET6, "fd00::1", address);
	line_add_address(&line, AF_INET6, address);
	line_add_address(&line, 77, address);
	assert_string_equal(taken(), "255.0.10.1fd00::1?");
}

static void test_columns(void **state)
{
	(void)state;
	line_add(&line, "ab");
	line_pad(&line, 4);
	line_add(&line, "cd");
	/* At least one, also when there is no room for the column. */
	line_pad(&line, 6);
	line_add(&line, "e");
	line_pad(&line, 3);
	assert_string_equal(taken(), "ab  cd e ");
}

static void test_no_room(void **state)
{
	(void)state;
	line_pad(&line, LINE_SIZE - 2);
	line_add(&line, "abc");
	assert_int_equal(line.length, LINE_SIZE);
	line_add_number(&line, 1, 1);
	line_pad(&line, LINE_SIZE + 1);
	assert_int_equal(line.length, LINE_SIZE);
	assert_string_equal(taken() + LINE_SIZE - 2, "ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),	  cmocka_unit_test(test_ns),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_columns),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
