// SPDX-License-Identifier: GPL-2.0-or-later
/* The pieces of a line: numbers as printf would have them, and columns. */
#include <arpa/inet.h>
#include <stdio.h>
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

/* The same ones each time (xorshift). */
static uint64_t random_bits(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void assert_number(uint64_t number)
{
	char wanted[48];

	snprintf(wanted, sizeof(wanted), "%llu", (unsigned long long)number);
	at = format_number(at, number);
	assert_string_equal(taken(), wanted);
	snprintf(wanted, sizeof(wanted), "%020llu", (unsigned long long)number);
	at = format_digits(at, number, 20);
	assert_string_equal(taken(), wanted);
}

/* Where the number of digits changes, and numbers of every length in between. */
static void test_many_numbers(void **state)
{
	uint64_t power;
	int i;

	(void)state;
	for (power = 1; power <= UINT64_MAX / 10; power *= 10) {
		assert_number(power - 1);
		assert_number(power);
		assert_number(power * 10 - 1);
		for (i = 0; i < 20000; i++)
			assert_number(power + random_bits() % (power * 9));
	}
	for (i = 0; i < 100000; i++)
		assert_number((uint64_t)i * 1000 - (uint64_t)i % 3);
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

/* Addresses of which many groups are 0, and some have few digits. */
static void fill_address(uint8_t *address)
{
	size_t i;

	for (i = 0; i < 16; i += 2) {
		uint64_t bits = random_bits();

		address[i] = bits & 0x300 ? 0 : (uint8_t)(bits >> 16);
		address[i + 1] = bits & 0xc00 ? 0 : (uint8_t)(bits >> 24);
	}
	if (random_bits() % 4 == 0)
		memset(address, 0, 10);
	if (random_bits() % 4 == 0)
		address[10] = address[11] = 0xff;
}

static void assert_as_libc(int family, const uint8_t *address)
{
	char wanted[INET6_ADDRSTRLEN];

	inet_ntop(family, address, wanted, sizeof(wanted));
	at = format_address(at, (uint8_t)family, address);
	assert_string_equal(taken(), wanted);
}

static void test_many_addresses(void **state)
{
	uint8_t address[16];
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		fill_address(address);
		assert_as_libc(AF_INET6, address);
		assert_as_libc(AF_INET, address + 12);
	}
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
		cmocka_unit_test(test_many_numbers),
		cmocka_unit_test(test_ns),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_many_addresses),
		cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
