/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text, put together piece by piece. There is a line for every event, and stdio's formatting costs
 * more than all else that mptcp-watch does with it.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* All zero is an empty text. */
struct text {
	char *bytes; /* not NUL-terminated */
	size_t length;
	size_t room;
	bool cut; /* memory was short: at least one piece is missing */
};

/* More room; false, and a cut text, without memory. */
bool text_grow(struct text *text, size_t length);

/* Where the next bytes go: that many fit there. NULL without memory. */
static inline char *text_end(struct text *text, size_t length)
{
	if (text->room - text->length < length && !text_grow(text, length))
		return NULL;
	return text->bytes + text->length;
}

static inline void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	char *end = text_end(text, length);

	if (!end)
		return;
	memcpy(end, bytes, length);
	text->length += length;
}

/* Inlined, so that a literal is a move or two instead of calls of strlen() and memcpy(). */
static inline void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

static inline void text_add_char(struct text *text, char character)
{
	text_add_bytes(text, &character, 1);
}

/* In decimal. */
void text_add_number(struct text *text, uint64_t number);
void text_add_signed(struct text *text, int64_t number);
/* The last so many digits, zeroes in front included. */
void text_add_digits(struct text *text, uint64_t number, size_t digits);
/* Eight hexadecimal digits. */
void text_add_hex32(struct text *text, uint32_t number);
/* Nanoseconds, in units of that many, with so many decimal places. */
void text_add_ns(struct text *text, uint64_t ns, uint64_t unit, unsigned int places);
/* In network byte order; family is AF_INET or AF_INET6, anything else is "?". */
void text_add_address(struct text *text, uint8_t family, const uint8_t *address);
/* Spaces, until it is that long; at least one. */
void text_pad(struct text *text, size_t length);

void text_free(struct text *text);

#endif /* TEXT_H */
