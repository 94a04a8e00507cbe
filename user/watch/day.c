// SPDX-License-Identifier: GPL-2.0-or-later
#include <time.h>

#include "common/nsec.h"
#include "day.h"

/* Local midnight of that day of the month, which may lie beyond the end of the month. */
static uint64_t midnight_ns(const struct tm *date, int day)
{
	struct tm midnight = {
		.tm_year = date->tm_year, .tm_mon = date->tm_mon, .tm_mday = day, .tm_isdst = -1
	};
	time_t seconds = mktime(&midnight);

	return seconds > 0 ? (uint64_t)seconds * NSEC_PER_SEC : 0;
}

void day_line(struct day *day, struct strbuf *lines, uint64_t wall_ns)
{
	time_t seconds = (time_t)(wall_ns / NSEC_PER_SEC);
	char line[48];
	struct tm date;
	size_t length;

	if (wall_ns >= day->begin_ns && wall_ns < day->end_ns)
		return;
	localtime_r(&seconds, &date);
	length = strftime(line, sizeof(line), "-- %Y-%m-%d --\n", &date);
	strbuf_add_bytes(lines, line, length);
	day->begin_ns = midnight_ns(&date, date.tm_mday);
	day->end_ns = midnight_ns(&date, date.tm_mday + 1);
}
