// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "common/nsec.h"
#include "format.h"
#include "timestamp.h"

/* A second, as text. */
struct second {
	char text[48];
	uint64_t begin_ns; /* since 1970 */
};

typedef struct tm *(*convert_time)(const time_t *seconds, struct tm *tm);

/* Format the second that contains wall_ns, unless it is cached. Returns the nanoseconds since its beginning. */
static uint64_t format_second(struct second *second, uint64_t wall_ns, convert_time convert,
			      const char *format)
{
	time_t seconds;
	struct tm tm;

	if (!*second->text || wall_ns < second->begin_ns ||
	    wall_ns - second->begin_ns >= NSEC_PER_SEC) {
		seconds = (time_t)(wall_ns / NSEC_PER_SEC);
		convert(&seconds, &tm);
		strftime(second->text, sizeof(second->text), format, &tm);
		second->begin_ns = (uint64_t)seconds * NSEC_PER_SEC;
	}
	return wall_ns - second->begin_ns;
}

/* A wall clock in ns does not go beyond the year 2554, so these lengths are constant. */
#define DATE_LENGTH  (sizeof("0000-00-00T00:00:00.") - 1)
#define CLOCK_LENGTH (sizeof("00:00:00.") - 1)

char *format_utc(char *at, uint64_t wall_ns)
{
	static struct second second;
	uint64_t ns = format_second(&second, wall_ns, gmtime_r, "%Y-%m-%dT%H:%M:%S.");

	memcpy(at, second.text, DATE_LENGTH);
	return format_char(format_digits(at + DATE_LENGTH, ns, 9), 'Z');
}

char *format_clock(char *at, uint64_t wall_ns)
{
	static struct second second;
	uint64_t ns = format_second(&second, wall_ns, localtime_r, "%H:%M:%S.");

	memcpy(at, second.text, CLOCK_LENGTH);
	return format_digits(at + CLOCK_LENGTH, ns / NSEC_PER_USEC, 6);
}
