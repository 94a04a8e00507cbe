// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/fixture.h"
#include "line_of.h"

static struct strbuf line;

static const char *end_line(void)
{
	strbuf_add_char(&line, '\0');
	assert_false(line.cut);
	return line.bytes;
}

const char *json_line_of(const struct watch_record *record, const struct print_context *context)
{
	line.length = 0;
	event_json(&line, record, context);
	return end_line();
}

const char *text_line_of(const struct watch_record *record, const struct print_context *context,
			 const struct text_style *style)
{
	line.length = 0;
	event_text(&line, record, context, style);
	return end_line();
}
