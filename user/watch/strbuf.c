// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "strbuf.h"

/* Room for some hundred lines, so that the buffer rarely has to grow. */
#define FIRST_ROOM 16384

bool strbuf_grow(struct strbuf *buffer, size_t length)
{
	size_t room = buffer->room ? buffer->room : FIRST_ROOM;
	char *bytes;

	while (room - buffer->length < length)
		room *= 2;
	bytes = realloc(buffer->bytes, room);
	if (!bytes) {
		buffer->cut = true;
		return false;
	}
	buffer->bytes = bytes;
	buffer->room = room;
	return true;
}

void strbuf_free(struct strbuf *buffer)
{
	free(buffer->bytes);
	*buffer = (struct strbuf){ 0 };
}
