// SPDX-License-Identifier: GPL-2.0-or-later
/* Each number has its word, and no other has the same. */
#include <string.h>

#include "watch/attribute.h"
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

/* Each number has a word of its own, in JSON and in text; any other has one that says so. */
static void assert_distinct(const struct words *words)
{
	uint32_t number, before;

	for (number = 0; number < words->count; number++) {
		for (before = 0; before < number; before++) {
			assert_string_not_equal(attribute_name_of(words, number),
						attribute_name_of(words, before));
			assert_string_not_equal(attribute_phrase_of(words, number),
						attribute_phrase_of(words, before));
		}
	}
	assert_string_equal(attribute_name_of(words, words->count), "unknown");
	assert_string_equal(attribute_name_of(words, UINT32_MAX), "unknown");
	assert_string_equal(attribute_phrase_of(words, UINT32_MAX), "unknown");
}

static void test_words(void **state)
{
	static const struct {
		enum attribute attribute;
		uint32_t count;
	} wanted[] = {
		{ FALLBACK_REASON, WATCH_FALLBACK_REASONS },
		{ JOIN_REASON, WATCH_JOIN_REASONS },
		{ JOIN, 2 },
		{ CALL, 2 },
		{ CAUSE, WATCH_CAUSES },
		{ CLOSED_BY, WATCH_BY_TIMEOUT + 1 },
		{ LOST_REASON, WATCH_LOST_REASONS },
		{ LOST_EVENT, WATCH_EVENTS },
		{ RESET_REASON, 7 }, /* RFC 8684, 3.6: 0x00 to 0x06 */
	};
	const struct words *resets = attribute_types[RESET_REASON].words;
	size_t i, found = 0;

	(void)state;
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		assert_int_equal(attribute_types[wanted[i].attribute].words->count,
				 wanted[i].count);
		assert_distinct(attribute_types[wanted[i].attribute].words);
	}
	for (i = 0; i < ATTRIBUTES; i++)
		found += attribute_types[i].words != NULL;
	assert_int_equal(found, sizeof(wanted) / sizeof(wanted[0]));
	assert_string_equal(attribute_name_of(resets, 0), "unspecified");
	assert_string_equal(attribute_name_of(resets, 6), "middlebox_interference");
}

/* How often the list has the attribute. */
static unsigned int times_in(const uint8_t *list, enum attribute attribute)
{
	unsigned int times = 0;

	for (; *list != ATTRIBUTE_END; list++)
		times += *list == attribute;
	return times;
}

/* Every attribute has a name, and is one of an event, or of all; none has it twice. */
static void test_attributes(void **state)
{
	enum attribute attribute;
	unsigned int times;
	uint32_t event;
	size_t length;

	(void)state;
	for (attribute = ATTRIBUTE_END + 1; attribute < ATTRIBUTES; attribute++) {
		attribute_name(attribute, &length);
		assert_in_range(length, strlen("to"), KEY_SIZE);
		times = times_in(common_attributes, attribute) +
			times_in(owner_attributes, attribute);
		for (event = 1; event < WATCH_EVENTS; event++) {
			assert_in_range(times_in(event_attributes(event), attribute), 0, 1);
			times += times_in(event_attributes(event), attribute);
		}
		assert_true(times);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_no_events),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_attributes),
	};

	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
