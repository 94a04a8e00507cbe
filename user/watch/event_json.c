// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes JSON as a stream, one attribute after the other, in the order of the table. We define all keys and all
 * words, so only two strings need escapes.
 */
#include <arpa/inet.h>
#include <limits.h>
#include <sys/socket.h>

#include "attribute.h"
#include "common/utf8.h"
#include "event.h"
#include "event_format.h"
#include "format.h"
#include "owner_cache.h"
#include "timestamp.h"

/* Enough for any line without its cgroup: two subflows with IPv6 addresses, and the longest other values. */
#define LONGEST_LINE 2048

/* A word contains no characters that need escapes. */
static char *format_word(char *at, const char *word)
{
	return format_char(format_string(format_char(at, '"'), word), '"');
}

static char *format_bytes(char *at, const char *bytes, size_t length)
{
	return format_char(utf8_escape(format_char(at, '"'), bytes, length), '"');
}

static char *format_truth(char *at, bool value)
{
	return value ? format_string(at, "true") : format_string(at, "false");
}

static char *format_key(char *at, const struct attribute_type *type)
{
	memcpy(at, type->key, KEY_SIZE);
	return at + type->key_length;
}

static char *format_subflow(char *at, const char *base, const struct print_context *context);

static char *format_value(char *at, const struct attribute_type *type, const char *base,
			  const struct print_context *context)
{
	const struct watch_record *record = (const struct watch_record *)base;
	const void *value = attribute_value(type, base);

	switch ((enum value_kind)type->kind) {
	case VALUE_NUMBER:
		return format_number(at, attribute_number(type, value));
	case VALUE_SIGNED:
		return format_signed(at, *(const int32_t *)value);
	case VALUE_PORT:
		return format_number(at, ntohs(*(const uint16_t *)value));
	case VALUE_TRUTH:
		return format_truth(at, attribute_number(type, value) != 0);
	case VALUE_FLAG:
		return format_truth(at, record->flags & type->flag);
	case VALUE_WORD:
		return format_word(at, attribute_name_of(type->words, *(const uint32_t *)value));
	case VALUE_ADDRESS:
		at = format_address(format_char(at, '"'), record->subflow.family, value);
		return format_char(at, '"');
	case VALUE_SUBFLOW:
		return format_subflow(at, base_of_subflow(record, type->offset), context);
	case VALUE_FAMILY:
		return format_word(at, record->subflow.family == AF_INET6 ? "inet6" : "inet");
	case VALUE_OPTION:
		return format_word(at, denied_option(record)->name);
	case VALUE_TIME:
		at = format_utc(format_char(at, '"'),
				event_wall_ns(record, context->wall_offset_ns));
		return format_char(at, '"');
	case VALUE_EVENT:
		return format_word(at, event_names[record->type]);
	case VALUE_TOKEN:
		return format_char(format_hex32(format_char(at, '"'), record->token), '"');
	case VALUE_COMM:
		return format_bytes(at, record->owner.comm,
				    strnlen(record->owner.comm, sizeof(record->owner.comm)));
	case VALUE_CGROUP:
		return format_bytes(at, context->cgroup, strnlen(context->cgroup, PATH_MAX));
	}
	return at;
}

/* Each attribute starts with a comma, including the first. */
static char *format_attributes(char *at, const uint8_t *attributes, const char *base,
			       const struct print_context *context)
{
	const struct attribute_type *type;

	for (; *attributes != ATTRIBUTE_END; attributes++) {
		type = &attribute_types[*attributes];
		if (!attribute_present(type, base))
			continue;
		if (type->kind == VALUE_CGROUP && !context->cgroup)
			continue;
		at = format_value(format_key(at, type), type, base, context);
	}
	return at;
}

static char *format_subflow(char *at, const char *base, const struct print_context *context)
{
	char *begin = at;

	at = format_attributes(at, subflow_attributes, base, context);
	*begin = '{'; /* in place of the first comma */
	return format_char(at, '}');
}

static char *format_owner(char *at, const struct watch_record *record,
			  const struct print_context *context)
{
	static struct owner_cache cache;
	/* "" is not a path: that of the root is "/". */
	const char *cgroup = context->cgroup ? context->cgroup : "";
	const struct cached_owner *cached = owner_cache_find(&cache, &record->owner, cgroup);
	char *begin = at;

	if (cached) {
		memcpy(at, cached->bytes, cached->length);
		return at + cached->length;
	}
	at = format_attributes(at, owner_attributes, (const char *)record, context);
	owner_cache_add(&cache, &record->owner, cgroup, begin, (size_t)(at - begin));
	return at;
}

/* Room for the longest line: only the cgroup's path has no fixed length. */
static size_t room_for(const struct watch_record *record, const struct print_context *context)
{
	size_t cgroup = context->cgroup && record->owner.pid ? strnlen(context->cgroup, PATH_MAX)
							     : 0;

	return LONGEST_LINE + cgroup * UTF8_ESCAPE_MAX;
}

void event_json(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context)
{
	char *begin = strbuf_reserve(lines, room_for(record, context)), *at;
	const char *base = (const char *)record;

	if (!begin)
		return;
	at = format_attributes(begin, common_attributes, base, context);
	if (record->owner.pid)
		at = format_owner(at, record, context);
	at = format_attributes(at, event_attributes(record->type), base, context);
	*begin = '{'; /* in place of the first comma */
	at = format_string(at, "}\n");
	lines->length += (size_t)(at - begin);
}
