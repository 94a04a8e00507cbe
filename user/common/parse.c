// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "usage.h"

#define SECONDS_PER_DAY 86400UL

/* Digits only, unlike strtoul(), which accepts blanks and signs. Returns 0, EINVAL or ERANGE. */
static int read_digits(const char *text, unsigned long *number, char **end)
{
	if (text[0] < '0' || text[0] > '9')
		return EINVAL;
	errno = 0;
	*number = strtoul(text, end, 10);
	return errno;
}

bool read_number(const char *text, unsigned long least, unsigned long most, unsigned long *number)
{
	char *end;

	return !read_digits(text, number, &end) && !*end && *number >= least && *number <= most;
}

unsigned long parse_number(const char *option, const char *text, unsigned long least,
			   unsigned long most)
{
	unsigned long number;

	if (!read_number(text, least, most, &number))
		usage_error("invalid %s '%s': expected a number from %lu to %lu", option, text,
			    least, most);
	return number;
}

/* Seconds in a unit, named as in systemd.time(7) and sleep(1); 0: no such unit. */
static unsigned long seconds_in(const char *unit)
{
	static const struct {
		const char *name;
		unsigned long seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", SECONDS_PER_DAY } };
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) == 0)
			return units[i].seconds;
	}
	return 0;
}

unsigned long parse_duration(const char *option, const char *text)
{
	unsigned long number = 0, unit = 0;
	char *end;
	int err = read_digits(text, &number, &end);

	if (err != EINVAL)
		unit = seconds_in(end);
	if (!unit || !number)
		usage_error(
			"invalid %s '%s': expected a number of seconds, or a number followed by "
			"s, m, h or d, such as 90, 5m or 12h",
			option, text);
	if (err || number > INT32_MAX / unit)
		usage_error("invalid %s '%s': the maximum is %lud", option, text,
			    INT32_MAX / SECONDS_PER_DAY);
	return number * unit;
}

void parse_comm(const char *option, const char *text, char *comm, size_t size)
{
	size_t length = strlen(text), most = size - 1;

	if (!length)
		usage_error("invalid %s '': the name is empty", option);
	if (length > most)
		usage_error("invalid %s '%s': the kernel keeps only %zu bytes of a name (use "
			    "'%.*s')",
			    option, text, most, (int)most, text);
	memset(comm, 0, size);
	memcpy(comm, text, length + 1);
}
