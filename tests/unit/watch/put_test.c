// SPDX-License-Identifier: GPL-2.0-or-later
/* The pieces of a line: numbers as printf would have them, and columns. */
#include <arpa/inet.h>
#include <string.h>

#include "common/fixture.h"
#include "watch/put.h"

static char line[256], *at = line;

/* What was put into the line, which is empty then. */
static const char *taken(void)
{
	*at = '\0';
	at = line;
	return line;
}

static void test_numbers(void **state)
{
	(void)state;
	at = put_number(at, 0);
	at = put_char(at, ' ');
	at = put_digits(at, 42, 5);
	at = put_char(at, ' ');
	at = put_number(at, UINT64_MAX);
	assert_string_equal(taken(), "0 00042 18446744073709551615");
	at = put_signed(at, -1);
	at = put_signed(at, INT64_MIN);
	at = put_signed(at, INT64_MAX);
	assert_string_equal(taken(), "-1-92233720368547758089223372036854775807");
	at = put_hex32(at, 0xf);
	at = put_hex32(at, 0xdeadbeef);
	assert_string_equal(taken(), "0000000fdeadbeef");
}

static void test_ns(void **state)
{
	(void)state;
	at = put_ns(at, 0, 1000000, 1);
	at = put_char(at, ' ');
	at = put_ns(at, 1234567890, 1000000, 1);
	at = put_char(at, ' ');
	at = put_ns(at, 999949999, 1000000, 1);
	at = put_char(at, ' ');
	at = put_ns(at, 999950000, 1000000, 1);
	at = put_char(at, ' ');
	at = put_ns(at, 1500000000, 1000000000, 3);
	assert_string_equal(taken(), "0.0 1234.6 999.9 1000.0 1.500");
}

static void test_addresses(void **state)
{
	uint8_t address[16];

	(void)state;
	inet_pton(AF_INET, "255.0.10.1", address);
	at = put_address(at, AF_INET, address);
	inet_pton(AF_INET6, "fd00::1", address);
	at = put_address(at, AF_INET6, address);
	at = put_address(at, 77, address);
	assert_string_equal(taken(), "255.0.10.1fd00::1?");
}

static void test_columns(void **state)
{
	(void)state;
	at = put(at, "ab");
	at = put_spaces(at, line + 4);
	at = put(at, "cd");
	/* At least one, also when there is no room for the column. */
	at = put_spaces(at, line + 6);
	at = put(at, "e");
	at = put_spaces(at, line + 3);
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

	return cmocka_run_group_tests_name("put", tests, NULL, NULL);
}
