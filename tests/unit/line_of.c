// SPDX-License-Identifier: GPL-2.0-or-later
#include "fixture.h"
#include "line_of.h"

const char *
line_of(void (*format)(FILE *, const struct watch_record *, const struct event_surroundings *),
	const struct watch_record *record, const struct event_surroundings *surroundings)
{
	static char line[65536];
	FILE *out = fmemopen(line, sizeof(line), "w");

	assert_non_null(out);
	format(out, record, surroundings);
	fclose(out);
	return line;
}
