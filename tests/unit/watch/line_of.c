// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/fixture.h"
#include "line_of.h"

const char *line_of(void (*format)(struct strbuf *, const struct watch_record *,
				   const struct event_surroundings *),
		    const struct watch_record *record,
		    const struct event_surroundings *surroundings)
{
	static struct strbuf line;

	line.length = 0;
	format(&line, record, surroundings);
	strbuf_add_char(&line, '\0');
	assert_false(line.cut);
	return line.bytes;
}
