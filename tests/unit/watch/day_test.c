// SPDX-License-Identifier: GPL-2.0-or-later
/* The date comes before the first line of a day, by local time, and not again. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "watch/day.h"
#include "common/fixture.h"

#define NSEC_PER_SEC UINT64_C(1000000000)
#define HOUR	     UINT64_C(3600)
/* 2026-03-28 00:00:00 UTC, the day before summer time begins in Berlin. */
#define MARCH_28 UINT64_C(1774656000)

static struct day day;

/* What is added before a line of that second, and ns. */
static const char *line_at(uint64_t seconds, uint64_t ns)
{
	static struct strbuf lines;

	lines.length = 0;
	day_line(&day, &lines, seconds * NSEC_PER_SEC + ns);
	strbuf_add_char(&lines, '\0');
	return lines.bytes;
}

static int set_up(void **state)
{
	(void)state;
	day = (struct day){ 0 };
	/* As Europe/Berlin, which a minimal system does not know. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return 0;
}

static void test_change(void **state)
{
	(void)state;
	assert_string_equal(line_at(MARCH_28, 0), "-- 2026-03-28 --\n");
	assert_string_equal(line_at(MARCH_28, 0), "");
	assert_string_equal(line_at(MARCH_28 + 23 * HOUR - 1, 999999999), "");
	assert_string_equal(line_at(MARCH_28 + 23 * HOUR, 0), "-- 2026-03-29 --\n");
	/* That day has 23 hours. */
	assert_string_equal(line_at(MARCH_28 + 46 * HOUR - 1, 0), "");
	assert_string_equal(line_at(MARCH_28 + 46 * HOUR, 0), "-- 2026-03-30 --\n");
}

/* A clock that is set back, and one that is far ahead. */
static void test_other_days(void **state)
{
	(void)state;
	line_at(MARCH_28, 0);
	assert_string_equal(line_at(MARCH_28 - 2 * HOUR, 0), "-- 2026-03-27 --\n");
	assert_string_equal(line_at(MARCH_28, 0), "-- 2026-03-28 --\n");
	assert_string_equal(line_at(0, 0), "-- 1970-01-01 --\n");
	assert_string_equal(line_at(1, 0), "");
	assert_string_equal(line_at(UINT64_MAX / NSEC_PER_SEC, 0), "-- 2554-07-22 --\n");
}

#define test_of(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_change),
		test_of(test_other_days),
	};

	return cmocka_run_group_tests_name("day", tests, NULL, NULL);
}
