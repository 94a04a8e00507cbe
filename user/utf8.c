// SPDX-License-Identifier: GPL-2.0-or-later
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
