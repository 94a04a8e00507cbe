// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "check_lines.h"
#include "watch/strict_json.h"

#define require(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* The line, as a string without its newline, before which only bytes from ' ' to highest may be. */
static const char *check_bytes(struct strbuf *line, unsigned char highest)
{
	size_t i;

	require(!line->cut);
	require(line->length > 0 && line->bytes[line->length - 1] == '\n');
	for (i = 0; i < line->length - 1; i++)
		require((unsigned char)line->bytes[i] >= ' ' &&
			(unsigned char)line->bytes[i] <= highest);
	line->bytes[line->length - 1] = '\0';
	return line->bytes;
}

/* A terminal that is narrower than the longest columns breaks lines. */
#define COLUMNS 72

static void check_json(const char *line)
{
	struct json_object *object;
	const char *at;

	/* No control characters, U+0080 to U+009F included. */
	require(!strchr(line, 0x7f));
	for (at = line; (at = strchr(at, 0xc2)); at++)
		require((unsigned char)at[1] >= 0xa0);
	/* With its NUL, so that the whole line has to be the object. */
	object = strict_json(line, strlen(line) + 1);
	require(object);
	require(json_object_is_type(object, json_type_object));
	require(json_object_object_get_ex(object, "time", NULL));
	require(json_object_object_get_ex(object, "event", NULL));
	json_object_put(object);
}

void check_lines(const struct watch_record *record, const struct print_context *context,
		 const struct text_style *style)
{
	struct strbuf text = { 0 }, json = { 0 };
	const char *line;

	event_text(&text, record, context, style);
	line = check_bytes(&text, '~');
	require(style->width < COLUMNS || strlen(line) <= style->width);
	event_json(&json, record, context);
	check_json(check_bytes(&json, UINT8_MAX));
	strbuf_free(&text);
	strbuf_free(&json);
}
