// SPDX-License-Identifier: GPL-2.0-or-later
/* The decision table: its numbers are the kernel's, and it is found by level and number. */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netfilter_ipv4.h>
#include <linux/tcp.h>
#include <asm/socket.h>
#include <stdlib.h>
#include <string.h>

#include "common/fixture.h"
#include "common/sockopts.h"

/* Newer than the headers of Debian 12. */
#define NEWER                                                                                      \
	"SO_PASSPIDFD", "SO_RCVPRIORITY", "SO_DEVMEM_DONTNEED", "TCP_AO_ADD_KEY",                  \
		"TCP_AO_DEL_KEY", "TCP_AO_INFO", "TCP_AO_GET_KEYS", "TCP_AO_REPAIR",               \
		"TCP_RTO_MAX_MS", "TCP_RTO_MIN_US", "TCP_DELACK_MAX_US", "IP_LOCAL_PORT_RANGE"

/* A macro of the headers becomes its number; what is not one stays a name. */
#define TEXT(name)		   #name
#define ROW_TEXT(level, name, ...) { #name, TEXT(name) },

static const struct {
	const char *name, *number;
} headers[] = { SOCKOPTS(ROW_TEXT) };

static int is_newer(const char *name)
{
	static const char *const newer[] = { NEWER };
	size_t i;

	for (i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
		if (strcmp(newer[i], name) == 0)
			return 1;
	}
	return 0;
}

static void test_numbers(void **state)
{
	char *end;
	long number;
	size_t i;

	(void)state;
	for (i = 0; i < SOCKOPT_ROWS; i++) {
		assert_string_equal(sockopts[i].name, headers[i].name);
		number = strtol(headers[i].number, &end, 10);
		if (*end)
			assert_true(is_newer(headers[i].name));
		else
			assert_int_equal(sockopts[i].number, number);
	}
}

static void test_finds_each(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SOCKOPT_ROWS; i++)
		assert_ptr_equal(sockopt_find(sockopts[i].level, sockopts[i].number), &sockopts[i]);
	assert_null(sockopt_find(SOCKOPT_LEVEL_TCP, TCP_NODELAY));
	assert_null(sockopt_find(SOCKOPT_LEVEL_SOCKET, SO_KEEPALIVE));
	assert_null(sockopt_find(SOCKOPT_LEVEL_IP, IP_TOS));
	assert_null(sockopt_find(SOCKOPT_LEVEL_IPV6, IPV6_V6ONLY));
	assert_null(sockopt_find(-1, -1));
	assert_null(sockopt_find(17, TCP_SYNCNT));
}

/* What is refused has no value, and what is kept has one. */
static void test_rows_agree(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < SOCKOPT_ROWS; i++) {
		const struct sockopt *row = &sockopts[i];
		int valueless = row->value == SOCKOPT_VALUE_NOTHING ||
				row->value == SOCKOPT_VALUE_UNSETTABLE ||
				row->value == SOCKOPT_VALUE_DENIED;

		assert_int_equal(row->class == SOCKOPT_REFUSED, valueless);
		assert_true(row->min <= row->max);
		assert_true(strlen(row->reason) > 0);
	}
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(sockopt_class_word(SOCKOPT_APPLIED), "applied");
	assert_string_equal(sockopt_class_word(SOCKOPT_REMEMBERED), "remembered");
	assert_string_equal(sockopt_class_word(SOCKOPT_REFUSED), "refused");
	assert_string_equal(sockopt_level_word(SOCKOPT_LEVEL_IP), "IPPROTO_IP");
	assert_string_equal(sockopt_level_word(SOCKOPT_LEVEL_SOCKET), "SOL_SOCKET");
	assert_string_equal(sockopt_level_word(SOCKOPT_LEVEL_TCP), "IPPROTO_TCP");
	assert_string_equal(sockopt_level_word(SOCKOPT_LEVEL_IPV6), "IPPROTO_IPV6");
}

/* The examples of the two kinds of limits: RFC 5082 asks for 255, a link-local protocol for 1. */
static void test_limits_of_reach(void **state)
{
	(void)state;
	assert_true(SOCKOPT_LIMITS_REACH(1));
	assert_true(SOCKOPT_LIMITS_REACH(255));
	assert_false(SOCKOPT_LIMITS_REACH(64));
	assert_false(SOCKOPT_LIMITS_REACH(-1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),		cmocka_unit_test(test_finds_each),
		cmocka_unit_test(test_rows_agree),	cmocka_unit_test(test_words),
		cmocka_unit_test(test_limits_of_reach),
	};

	return cmocka_run_group_tests_name("sockopts", tests, NULL, NULL);
}
