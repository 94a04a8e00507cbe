// SPDX-License-Identifier: GPL-2.0-or-later
/* BPF objects that are compressed in the tools. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/fixture.h"
#include "common/packed_object.h"

/* What a compressed object of this size is; scripts/pack-skeleton uses gzip. */
static size_t pack(unsigned char *object, size_t size, unsigned char *packed, size_t capacity)
{
	z_stream stream = {
		.next_in = object, .avail_in = size, .next_out = packed, .avail_out = capacity
	};

	for (size_t i = 0; i < size; i++)
		object[i] = (unsigned char)(i * i >> 3);
	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8,
				      Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&stream), Z_OK);
	return capacity - stream.avail_out;
}

static void test_intact(void **state)
{
	unsigned char object[10000], packed[20000];
	size_t packed_size = pack(object, sizeof(object), packed, sizeof(packed));
	const void *bytes;

	(void)state;
	for (int again = 0; again < 2; again++) {
		bytes = packed_object_inflate(packed, packed_size, sizeof(object));
		assert_non_null(bytes);
		assert_memory_equal(bytes, object, sizeof(object));
	}
	packed_object_release();
	packed_object_release();
}

static void test_damaged(void **state)
{
	unsigned char object[1000], packed[3000];
	size_t packed_size = pack(object, sizeof(object), packed, sizeof(packed));

	(void)state;
	assert_null(packed_object_inflate(packed, packed_size - 1, sizeof(object)));
	assert_null(packed_object_inflate(packed, 0, sizeof(object)));
	assert_null(packed_object_inflate(packed, packed_size, sizeof(object) - 1));
	assert_null(packed_object_inflate(packed, packed_size, sizeof(object) + 1));
	packed[packed_size / 2] ^= 0xff;
	assert_null(packed_object_inflate(packed, packed_size, sizeof(object)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intact),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests_name("packed objects", tests, NULL, NULL);
}
