// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

static const char replacement[] = "\xef\xbf\xbd";

/* Bytes of the character that starts here, by RFC 3629: no overlong forms, no surrogates; or 0. */
static size_t character_length(const uint8_t *in, size_t left)
{
	uint8_t lowest = 0x80, highest = 0xbf;
	size_t length, i;

	if (in[0] < 0x80)
		return 1;
	if (in[0] >= 0xc2 && in[0] <= 0xdf)
		length = 2;
	else if (in[0] >= 0xe0 && in[0] <= 0xef)
		length = 3;
	else if (in[0] >= 0xf0 && in[0] <= 0xf4)
		length = 4;
	else
		return 0;
	if (in[0] == 0xe0)
		lowest = 0xa0;
	else if (in[0] == 0xed)
		highest = 0x9f;
	else if (in[0] == 0xf0)
		lowest = 0x90;
	else if (in[0] == 0xf4)
		highest = 0x8f;
	if (left < length || in[1] < lowest || in[1] > highest)
		return 0;
	for (i = 2; i < length; i++) {
		if (in[i] < 0x80 || in[i] > 0xbf)
			return 0;
	}
	return length;
}

void utf8_clean(char *out, const char *in, size_t length)
{
	size_t valid;

	while (length) {
		valid = character_length((const uint8_t *)in, length);
		if (valid) {
			memcpy(out, in, valid);
			out += valid;
		} else {
			memcpy(out, replacement, UTF8_REPLACEMENT_LEN);
			out += UTF8_REPLACEMENT_LEN;
			valid = 1;
		}
		in += valid;
		length -= valid;
	}
	*out = '\0';
}

/* The code point of a character of one to three bytes; what is escaped is no longer. */
static uint32_t code_point(const uint8_t *in, size_t length)
{
	if (length == 2)
		return (in[0] & 0x1fU) << 6 | (in[1] & 0x3fU);
	if (length == 3)
		return (in[0] & 0x0fU) << 12 | (in[1] & 0x3fU) << 6 | (in[2] & 0x3fU);
	return in[0];
}

/* Bidi_Control of Unicode, and what ends a line or controls a terminal. */
static bool obeyed(uint32_t character)
{
	return (character >= 0x7f && character <= 0x9f) || character == 0x061c ||
	       character == 0x200e || character == 0x200f ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

static size_t add_escaped(struct strbuf *lines, const uint8_t *in, size_t length)
{
	char escaped[sizeof("\\uXXXX")];
	uint32_t character;

	character = length <= 3 ? code_point(in, length) : 0;
	if (obeyed(character)) {
		snprintf(escaped, sizeof(escaped), "\\u%04x", character);
		strbuf_add(lines, escaped);
	} else {
		strbuf_add_bytes(lines, (const char *)in, length);
	}
	return length;
}

void utf8_add_escaped(struct strbuf *lines, const char *json, size_t length)
{
	const uint8_t *in = (const uint8_t *)json;
	size_t plain, done = 0;

	while (done < length) {
		for (plain = done; plain < length && in[plain] < 0x7f; plain++)
			;
		strbuf_add_bytes(lines, json + done, plain - done);
		done = plain;
		if (done < length)
			done += add_escaped(lines, in + done,
					    character_length(in + done, length - done) ?: 1);
	}
}
