// SPDX-License-Identifier: GPL-2.0-or-later
#define ZLIB_CONST /* next_in is const */
#include "packed_object.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

/* zlib then expects the header that gzip writes. */
#define GZIP_WINDOW (16 + MAX_WBITS)

static void *object;

static bool inflate_into(const unsigned char *packed, size_t packed_size, void *bytes, size_t size)
{
	z_stream stream = {
		.next_in = packed,
		.avail_in = (uInt)packed_size,
		.next_out = bytes,
		.avail_out = (uInt)size,
	};
	bool complete;

	if (packed_size > UINT_MAX || size > UINT_MAX || inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return false;
	complete = inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.avail_out == 0;
	inflateEnd(&stream);
	return complete;
}

const void *packed_object_inflate(const unsigned char *packed, size_t packed_size, size_t size)
{
	packed_object_release();
	object = malloc(size);
	if (object && !inflate_into(packed, packed_size, object, size))
		packed_object_release();
	return object;
}

void packed_object_release(void)
{
	free(object);
	object = NULL;
}
