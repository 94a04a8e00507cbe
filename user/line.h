/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of text, put together piece by piece. There is one for every event, and stdio's formatting
 * costs more than all else that mptcp-watch does with it.
 */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Longer than any event; what does not fit is cut. */
#define LINE_SIZE 1024

struct line {
	size_t length;
	char text[LINE_SIZE]; /* not NUL-terminated */
};

void line_add_bytes(struct line *line, const char *bytes, size_t length);

static inline void line_add_char(struct line *line, char character)
{
	if (line->length < sizeof(line->text))
		line->text[line->length++] = character;
}

/* Inlined, so that a literal is a move or two instead of calls of strlen() and memcpy(). */
static inline void line_add(struct line *line, const char *text)
{
	size_t length = strlen(text);

	if (length > sizeof(line->text) - line->length) {
		line_add_bytes(line, text, length);
		return;
	}
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

/* In decimal, with zeroes in front up to that many digits. */
void line_add_number(struct line *line, uint64_t number, unsigned int digits);
void line_add_signed(struct line *line, int64_t number);
/* Eight hexadecimal digits. */
void line_add_hex32(struct line *line, uint32_t number);
/* Nanoseconds, in units of that many, with so many decimal places. */
void line_add_ns(struct line *line, uint64_t ns, uint64_t unit, unsigned int places);
/* In network byte order; family is AF_INET or AF_INET6, anything else is "?". */
void line_add_address(struct line *line, uint8_t family, const uint8_t *address);
/* Spaces up to that column, at least one. */
void line_pad(struct line *line, size_t column);

#endif /* LINE_H */
