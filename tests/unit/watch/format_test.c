// SPDX-License-Identifier: GPL-2.0-or-later
/* The pieces of a line: numbers as printf would have them, and columns. */
#include <arpa/inet.h>
#include <string.h>

#include "common/fixture.h"
#include "watch/format.h"

static char line[256], *at = line;

/* What the line has, which is empty from then on. */
static const char *taken(void)
{
	*at = '\0';
	at = line;
	return line;
}

static void test_numbers(void **state)
{
	(void)state;
	at = format_number(at, 0);
	at = format_char(at, ' ');
	at = format_digits(at, 42, 5);
	at = format_char(at, ' ');
	at = format_number(at, UINT64_MAX);
	assert_string_equal(taken(), "0 00042 18446744073709551615");
	at = format_signed(at, -1);
	at = format_signed(at, INT64_MIN);
	at = format_signed(at, INT64_MAX);
	assert_string_equal(taken(), "-1-92233720368547758089223372036854775807");
	at = format_hex32(at, 0xf);
	at = format_hex32(at, 0xdeadbeef);
	assert_string_equal(taken(), "0000000fdeadbeef");
}

static void test_ns(void **state)
{
	(void)state;
	at = format_ns(at, 0, 1000000, 1);
	at = format_char(at, ' ');
	at = format_ns(at, 1234567890, 1000000, 1);
	at = format_char(at, ' ');
	at = format_ns(at, 999949999, 1000000, 1);
	at = format_char(at, ' ');
	at = format_ns(at, 999950000, 1000000, 1);
	at = format_char(at, ' ');
	at = format_ns(at, 1500000000, 1000000000, 3);
	assert_string_equal(taken(), "0.0 1234.6 999.9 1000.0 1.500");
}

static void test_addresses(void **state)
{
	uint8_t address[16];

	(void)state;
	inet_pton(AF_INET, "255.0.10.1", address);
	at = format_address(at, AF_INET, address);
	inet_pton(AF_INET6, "fd00::1", address);
	at = format_address(at, AF_INET6, address);
	at = format_address(at, 77, address);
	assert_string_equal(taken(), "255.0.10.1fd00::1?");
}

static void test_columns(void **state)
{
	(void)state;
	at = format_string(at, "ab");
	at = format_spaces(at, line + 4);
	at = format_string(at, "cd");
	/* At least one, also when there is no room for the column. */
	at = format_spaces(at, line + 6);
	at = format_string(at, "e");
	at = format_spaces(at, line + 3);
	assert_string_equal(taken(), "ab  cd e ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_ns),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
