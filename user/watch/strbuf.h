/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A buffer of bytes that grows. */
#ifndef STRBUF_H
#define STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* All zero is an empty buffer. */
struct strbuf {
	char *bytes; /* not NUL-terminated */
	size_t length;
	size_t room;
	bool cut; /* memory ran out: at least one piece is missing */
};

/* Make room. Returns false and sets .cut if there is no memory. */
bool strbuf_grow(struct strbuf *buffer, size_t length);

/* Where to write the next bytes, with room for that many; NULL if there is no memory. */
static inline char *strbuf_reserve(struct strbuf *buffer, size_t length)
{
	if (buffer->room - buffer->length < length && !strbuf_grow(buffer, length))
		return NULL;
	return buffer->bytes + buffer->length;
}

static inline void strbuf_add_bytes(struct strbuf *buffer, const char *bytes, size_t length)
{
	char *end = strbuf_reserve(buffer, length);

	if (!end)
		return;
	memcpy(end, bytes, length);
	buffer->length += length;
}

static inline void strbuf_add(struct strbuf *buffer, const char *string)
{
	strbuf_add_bytes(buffer, string, strlen(string));
}

static inline void strbuf_add_char(struct strbuf *buffer, char character)
{
	strbuf_add_bytes(buffer, &character, 1);
}

void strbuf_free(struct strbuf *buffer);

#endif /* STRBUF_H */
