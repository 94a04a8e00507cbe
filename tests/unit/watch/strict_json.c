// SPDX-License-Identifier: GPL-2.0-or-later
#include "strict_json.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

static struct json_object *parse(const char *text, size_t length, int flags)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	if (!tokener)
		abort();
	json_tokener_set_flags(tokener, flags);
	object = json_tokener_parse_ex(tokener, text, (int)length);
	json_tokener_free(tokener);
	return object;
}

/*
 * json-c 0.18 takes each byte beyond ASCII for a control character when it is strict: hence it is strict
 * with a text that has none of them.
 */
struct json_object *strict_json(const char *text, size_t length)
{
	char *ascii = malloc(length);
	struct json_object *strict;
	size_t i;

	if (!ascii)
		abort();
	for (i = 0; i < length; i++)
		ascii[i] = text[i] & 0x80 ? '?' : text[i];
	strict = parse(ascii, length, JSON_TOKENER_STRICT);
	free(ascii);
	if (!strict)
		return NULL;
	json_object_put(strict);
	return parse(text, length, JSON_TOKENER_VALIDATE_UTF8);
}
