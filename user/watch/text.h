/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows. */
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

static inline void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

static inline void text_add_char(struct text *text, char character)
{
	text_add_bytes(text, &character, 1);
}

void text_free(struct text *text);

#endif /* TEXT_H */
