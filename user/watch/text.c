// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Some hundred lines, so that it seldom has to grow. */
#define FIRST_ROOM 16384

bool text_grow(struct text *text, size_t length)
{
	size_t room = text->room ? text->room : FIRST_ROOM;
	char *bytes;

	while (room - text->length < length)
		room *= 2;
	bytes = realloc(text->bytes, room);
	if (!bytes) {
		text->cut = true;
		return false;
	}
	text->bytes = bytes;
	text->room = room;
	return true;
}

void text_free(struct text *text)
{
	free(text->bytes);
	*text = (struct text){ 0 };
}
