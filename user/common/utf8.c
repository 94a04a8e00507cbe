// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>
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

/* \uXXXX */
static char *escape_code(char *at, uint32_t code)
{
	static const char digits[] = "0123456789abcdef";
	int shift;

	at = stpcpy(at, "\\u");
	for (shift = 12; shift >= 0; shift -= 4)
		*at++ = digits[code >> shift & 0xf];
	return at;
}

/* A character that JSON cannot have in a string, or that has a short form there. */
static char *escape_ascii(char *at, char character)
{
	static const char special[] = "\"\\\b\f\n\r\t", shown[] = "\"\\bfnrt";
	const char *found = character ? strchr(special, character) : NULL;

	if (!found)
		return escape_code(at, (uint8_t)character);
	*at++ = '\\';
	*at++ = shown[found - special];
	return at;
}

/* One character, or one byte that is none; *in is moved behind it. */
static char *escape_one(char *at, const char **in, size_t left)
{
	const uint8_t *bytes = (const uint8_t *)*in;
	size_t length = character_length(bytes, left);
	uint32_t character;

	*in += length ? length : 1;
	if (!length)
		return stpcpy(at, replacement);
	if (length == 1 && bytes[0] < 0x7f)
		return escape_ascii(at, (char)bytes[0]);
	character = length <= 3 ? code_point(bytes, length) : 0;
	if (obeyed(character))
		return escape_code(at, character);
	memcpy(at, bytes, length);
	return at + length;
}

/* Of a byte, which nearly all are. */
static const bool needs_no_escape[256] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

char *utf8_escape(char *at, const char *in, size_t length)
{
	const char *end = in + length;

	while (in < end) {
		if (needs_no_escape[(uint8_t)*in])
			*at++ = *in++;
		else
			at = escape_one(at, &in, (size_t)(end - in));
	}
	return at;
}
