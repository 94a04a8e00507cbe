// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each piece of an event's text shows attributes that the event has, by the table that JSON and docs/events.md
 * follow: any other would show what another event keeps in the same place of the record.
 */
#include <stdbool.h>
#include <stdint.h>

#include "common/fixture.h"
/* For its table, which no other file needs. */
#include "watch/event_details.c" // NOLINT(bugprone-suspicious-include)

static bool contains(const uint8_t *attributes, enum attribute wanted)
{
	for (; *attributes != ATTRIBUTE_END; attributes++) {
		if (*attributes == wanted)
			return true;
	}
	return false;
}

static bool has_all(const uint8_t *attributes, const uint8_t *wanted)
{
	for (; *wanted != ATTRIBUTE_END; wanted++) {
		if (!contains(attributes, *wanted))
			return false;
	}
	return true;
}

/* The attributes that a piece shows, besides the one that it names; all of the event's own subflow. */
static const uint8_t *also_shown(const struct part *part)
{
	static const uint8_t none[] = { ATTRIBUTE_END };
	static const uint8_t local[] = { SADDR, SPORT, ATTRIBUTE_END };
	static const uint8_t remote[] = { DADDR, DPORT, ATTRIBUTE_END };
	static const uint8_t pair[] = { SADDR, SPORT, DADDR, DPORT, ATTRIBUTE_END };
	static const uint8_t ids[] = { LOC_ID, REM_ID, ATTRIBUTE_END };
	static const uint8_t lost[] = { LOST_COUNT, ATTRIBUTE_END };

	switch ((enum part_kind)part->kind) {
	case LOCAL:
		return local;
	case REMOTE:
	case PEER:
		return remote;
	case PAIR:
		return pair;
	case IDS:
		return ids;
	case PLAIN_SUBFLOW:
	case WHOLE_SUBFLOW:
	case BRIEF_SUBFLOW:
		return subflow_attributes;
	case LOST_EVENTS:
		return lost;
	default:
		return none;
	}
}

/* FROM and TO are subflows with all their attributes; in other events, FROM is the event's own subflow. */
static bool belongs(const struct part *part, const uint8_t *attributes)
{
	if (part->attribute == TO || (part->attribute == FROM && contains(attributes, FROM)))
		return contains(attributes, part->attribute);
	if (part->attribute != FROM && !contains(attributes, part->attribute))
		return false;
	return has_all(attributes, also_shown(part));
}

/* How many pieces of an event's text show what is no attribute of the other one. */
static unsigned int count_foreign(uint32_t event, bool brief, uint32_t other)
{
	const struct part *part = details[brief ? BRIEF : FULL][event];
	const uint8_t *attributes = event_attributes(other);
	unsigned int count = 0;
	const char *name;
	size_t length;

	for (; part->kind != PART_END; part++) {
		if (belongs(part, attributes))
			continue;
		name = attribute_name(part->attribute, &length);
		print_message("# %s does not have %.*s\n", event_name(other), (int)length, name);
		count++;
	}
	return count;
}

static void test_every_event_has_details(void **state)
{
	uint32_t event;

	(void)state;
	for (event = 1; event < WATCH_EVENTS; event++)
		assert_int_not_equal(details[FULL][event][0].kind, PART_END);
}

static void test_own_attributes(void **state)
{
	uint32_t event;

	(void)state;
	for (event = 1; event < WATCH_EVENTS; event++) {
		assert_int_equal(count_foreign(event, false, event), 0);
		assert_int_equal(count_foreign(event, true, event), 0);
	}
}

/* Pieces of one event in another would be found. */
static void test_foreign_attributes(void **state)
{
	(void)state;
	/* outage_ns and reinjected. */
	assert_int_equal(count_foreign(WATCH_RESUMED, false, WATCH_FAILOVER), 2);
	assert_int_equal(count_foreign(WATCH_RESUMED, true, WATCH_FAILOVER), 2);
	/* last_progress_ns. */
	assert_int_equal(count_foreign(WATCH_FAILOVER, false, WATCH_RESUMED), 1);
	/* The pair, of which this event has only one end. */
	assert_int_equal(count_foreign(WATCH_CREATED, false, WATCH_LISTENER_CREATED), 1);
	/* The subflow, of which a connection has only the addresses. */
	assert_int_equal(count_foreign(WATCH_STALE, false, WATCH_CREATED), 1);
	assert_int_equal(count_foreign(WATCH_CREATED, false, WATCH_STALE), 0);
	/* A reason, but another one. */
	assert_int_equal(count_foreign(WATCH_LOST, false, WATCH_FALLBACK), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event_has_details),
		cmocka_unit_test(test_own_attributes),
		cmocka_unit_test(test_foreign_attributes),
	};

	return cmocka_run_group_tests_name("event_details", tests, NULL, NULL);
}
