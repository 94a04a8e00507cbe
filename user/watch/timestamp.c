// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "format.h"
#include "timestamp.h"

#define NSEC_PER_SEC  UINT64_C(1000000000)
#define NSEC_PER_USEC 1000

/* No wall clock in ns goes beyond the year 2554. */
#define DATE_LENGTH (sizeof("0000-00-00T00:00:00.") - 1)

char *format_utc(char *at, uint64_t wall_ns)
{
	static char shown[48];
	static uint64_t shown_ns;
	time_t seconds;
	struct tm tm;

	if (!*shown || wall_ns < shown_ns || wall_ns - shown_ns >= NSEC_PER_SEC) {
		seconds = (time_t)(wall_ns / NSEC_PER_SEC);
		gmtime_r(&seconds, &tm);
		strftime(shown, sizeof(shown), "%Y-%m-%dT%H:%M:%S.", &tm);
		shown_ns = (uint64_t)seconds * NSEC_PER_SEC;
	}
	memcpy(at, shown, DATE_LENGTH);
	return format_char(format_digits(at + DATE_LENGTH, wall_ns - shown_ns, 9), 'Z');
}

char *format_clock(char *at, uint64_t wall_ns)
{
	static char shown[sizeof("00:00:00.")];
	static uint64_t shown_ns;
	time_t seconds;
	struct tm tm;

	if (!*shown || wall_ns < shown_ns || wall_ns - shown_ns >= NSEC_PER_SEC) {
		seconds = (time_t)(wall_ns / NSEC_PER_SEC);
		localtime_r(&seconds, &tm);
		strftime(shown, sizeof(shown), "%H:%M:%S.", &tm);
		shown_ns = (uint64_t)seconds * NSEC_PER_SEC;
	}
	memcpy(at, shown, sizeof(shown) - 1);
	return format_digits(at + sizeof(shown) - 1, (wall_ns - shown_ns) / NSEC_PER_USEC, 6);
}
