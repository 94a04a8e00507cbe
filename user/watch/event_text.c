// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "event.h"
#include "event_details.h"
#include "event_format.h"
#include "format.h"
#include "owner_cache.h"
#include "timestamp.h"

#define COLOUR_END "\033[0m"

/* The widths of columns, including the space after them: the longest value fits. */
#define NAME_WIDTH  17
#define TOKEN_WIDTH 10

/*
 * On a terminal narrower than this, the columns are narrow, to leave room for the details: the time in seconds,
 * one space between columns, and no padding after the owner.
 */
#define NARROW		   132
#define TIME_NARROW	   8
#define NAME_WIDTH_NARROW  16
#define TOKEN_WIDTH_NARROW 9

/* The longest name, and the longest PID (4194304) with its brackets. */
#define OWNER_WIDTH (WATCH_COMM_LEN - 1 + 9 + 1)

/* Red for bad news, green for good news, cyan for new connections and subflows. */
static const char *colour_of(uint32_t event)
{
	switch (event) {
	case WATCH_FAILOVER:
	case WATCH_FALLBACK:
	case WATCH_JOIN_FAILED:
	case WATCH_STALE:
	case WATCH_LOST:
		return "\033[31m";
	case WATCH_RESUMED:
	case WATCH_RECOVERED:
		return "\033[32m";
	case WATCH_CREATED:
	case WATCH_ESTABLISHED:
	case WATCH_SUB_ESTABLISHED:
		return "\033[36m";
	default:
		return "";
	}
}

/* Wider than any column: clearing a constant size compiles to a few moves. */
#define WIDEST 40

/* Fill a column with spaces, which the value then overwrites. */
static void clear_column(char *at)
{
	memset(at, ' ', WIDEST);
}

static char *format_name(char *at, uint32_t event, bool coloured, size_t width)
{
	const char *colour = coloured ? colour_of(event) : "";
	const char *name = event_name(event);
	size_t length = strlen(name);

	at = format_string(format_string(at, colour), name);
	if (*colour)
		at = format_string(at, COLOUR_END);
	clear_column(at);
	return at + (length < width ? width - length : 1);
}

static char *format_token(char *at, uint32_t token, size_t width)
{
	clear_column(at);
	if (token)
		format_hex32(at, token);
	else
		format_char(at, '-');
	return at + width;
}

/* A name can contain any bytes. Those that are not printable ASCII could break columns, or control the terminal. */
static char *format_comm(char *at, const char *comm)
{
	size_t length = strnlen(comm, WATCH_COMM_LEN), i;
	char shown;

	for (i = 0; i < length; i++) {
		shown = comm[i];
		if (shown <= ' ' || shown >= 0x7f)
			shown = '?';
		at = format_char(at, shown);
	}
	return at;
}

static char *format_owner(char *at, const struct watch_owner *owner)
{
	if (!owner->pid)
		return format_char(at, '-');
	at = format_char(format_comm(at, owner->comm), '[');
	return format_char(format_number(at, owner->pid), ']');
}

static char *format_owner_column(char *at, const struct watch_owner *owner)
{
	static struct owner_cache cache;
	const struct cached_owner *cached = owner_cache_find(&cache, owner, "");

	if (cached) {
		memcpy(at, cached->bytes, OWNER_WIDTH);
		return at + OWNER_WIDTH;
	}
	clear_column(at);
	format_owner(at, owner);
	owner_cache_add(&cache, owner, "", at, OWNER_WIDTH);
	return at + OWNER_WIDTH;
}

/* The time, the event, the connection and the process. Returns the width in columns. */
static size_t format_columns(char **at, const struct watch_record *record, uint64_t wall_ns,
			     const struct text_style *style)
{
	bool narrow = style->width && style->width < NARROW;
	const char *colour = style->colour ? colour_of(record->type) : "";
	char *begin = *at, *end;

	end = format_clock(begin, wall_ns);
	end = narrow ? format_char(begin + TIME_NARROW, ' ') : format_string(end, "  ");
	end = format_name(end, record->type, style->colour,
			  narrow ? NAME_WIDTH_NARROW : NAME_WIDTH);
	end = format_token(end, record->token, narrow ? TOKEN_WIDTH_NARROW : TOKEN_WIDTH);
	end = narrow ? format_char(format_owner(end, &record->owner), ' ')
		     : format_owner_column(end, &record->owner);
	*at = end;
	return (size_t)(end - begin) - (*colour ? strlen(colour) + strlen(COLOUR_END) : 0);
}

/* Replace what does not fit with dots, or cut at a comma if there is one in the place of the dots. */
static char *format_end_of_cut(char *details, size_t room)
{
	static const char dots[] = "...";
	char *at = details + room - strlen(dots);
	size_t i;

	for (i = strlen(dots); i; i--) {
		if (at[i] == ',')
			return at + i;
	}
	return format_string(at, dots);
}

/* The details always get this much room, even if the line then wraps. */
#define LEAST_ROOM 8

/* Including the columns. */
#define LONGEST_LINE (128 + DETAILS_MAX)

void event_text(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context, const struct text_style *style)
{
	uint64_t wall_ns = event_wall_ns(record, context->wall_offset_ns);
	char *begin = strbuf_reserve(lines, LONGEST_LINE), *at = begin, *details;
	size_t room = SIZE_MAX, columns;

	if (!begin)
		return;
	columns = format_columns(&at, record, wall_ns, style);
	if (style->width)
		room = style->width > columns + LEAST_ROOM ? style->width - columns : LEAST_ROOM;
	details = at;
	at = format_details(details, record, false);
	if ((size_t)(at - details) > room)
		at = format_details(details, record, true);
	if ((size_t)(at - details) > room)
		at = format_end_of_cut(details, room);
	at = format_char(at, '\n');
	lines->length += (size_t)(at - begin);
}
