// SPDX-License-Identifier: GPL-2.0-or-later
/* Each number has its word, and no other has the same. */
#include <string.h>

#include "watch/event.h"
#include "common/fixture.h"

static void test_events(void **state)
{
	const char *name;
	uint32_t event;

	(void)state;
	for (event = 1; event < WATCH_EVENTS; event++) {
		name = event_name(event);
		assert_non_null(name);
		assert_int_equal(event_by_name(name, strlen(name)), event);
	}
}

static void test_no_events(void **state)
{
	(void)state;
	assert_null(event_name(0));
	assert_null(event_name(WATCH_EVENTS));
	assert_null(event_name(UINT32_MAX));
	assert_int_equal(event_by_name("", 0), 0);
	assert_int_equal(event_by_name("none", 4), 0);
	/* All of the name, and nothing but the name. */
	assert_int_equal(event_by_name("closed", 5), 0);
	assert_int_equal(event_by_name("closed_", 7), 0);
	assert_int_equal(event_by_name("Closed", 6), 0);
	assert_int_equal(event_by_name("closed,lost", 6), WATCH_CLOSED);
}

static void assert_distinct(const char *(*name_of)(uint32_t), uint32_t count)
{
	uint32_t number, before;

	for (number = 0; number < count; number++) {
		assert_non_null(name_of(number));
		for (before = 0; before < number; before++)
			assert_string_not_equal(name_of(number), name_of(before));
	}
	assert_string_equal(name_of(count), "unknown");
	assert_string_equal(name_of(UINT32_MAX), "unknown");
}

static void test_reasons(void **state)
{
	(void)state;
	assert_distinct(fallback_name, WATCH_FALLBACK_REASONS);
	assert_distinct(join_name, WATCH_JOIN_REASONS);
	assert_distinct(cause_name, WATCH_CAUSES);
	assert_distinct(closed_by_name, WATCH_BY_TIMEOUT + 1);
	assert_distinct(lost_reason_name, WATCH_LOST_REASONS);
	/* RFC 8684, 3.6: 0x00 to 0x06. */
	assert_distinct(reset_reason_name, 7);
	assert_string_equal(reset_reason_name(0), "unspecified");
	assert_string_equal(reset_reason_name(6), "middlebox_interference");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_no_events),
		cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
