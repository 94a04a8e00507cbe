// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "check_lines.h"
#include "watch/strict_json.h"

typedef void (*formatter)(struct strbuf *buffer, const struct watch_record *record,
			  const struct event_surroundings *surroundings);

#define require(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* To be freed; without its newline, before which only bytes from ' ' to highest may be. */
static char *make_line(formatter format, unsigned char highest, const struct watch_record *record,
		       const struct event_surroundings *surroundings)
{
	struct strbuf buffer = { 0 };
	size_t i;

	format(&buffer, record, surroundings);
	require(!buffer.cut);
	require(buffer.length > 0 && buffer.bytes[buffer.length - 1] == '\n');
	for (i = 0; i < buffer.length - 1; i++)
		require((unsigned char)buffer.bytes[i] >= ' ' &&
			(unsigned char)buffer.bytes[i] <= highest);
	buffer.bytes[buffer.length - 1] = '\0';
	return buffer.bytes;
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

void check_lines(const struct watch_record *record, const struct event_surroundings *surroundings)
{
	char *line = make_line(event_text, '~', record, surroundings);

	require(surroundings->width < COLUMNS || strlen(line) <= surroundings->width);
	free(line);
	line = make_line(event_json, UINT8_MAX, record, surroundings);
	check_json(line);
	free(line);
}
