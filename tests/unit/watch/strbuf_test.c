// SPDX-License-Identifier: GPL-2.0-or-later
/* A buffer that grows, and what becomes of it without memory. */
#include <string.h>

#include "common/fixture.h"
#include "watch/strbuf.h"

static struct strbuf buffer;

/* What is in the text, which is empty then. */
static const char *taken(void)
{
	strbuf_add_char(&buffer, '\0');
	buffer.length = 0;
	return buffer.bytes;
}

static void test_grows(void **state)
{
	static char wanted[100001];
	size_t i;

	(void)state;
	memset(wanted, 'x', sizeof(wanted) - 1);
	for (i = 0; i < sizeof(wanted) - 1; i++)
		strbuf_add_char(&buffer, 'x');
	assert_string_equal(taken(), wanted);
	strbuf_add_bytes(&buffer, wanted, sizeof(wanted) - 1);
	strbuf_add_bytes(&buffer, wanted, sizeof(wanted) - 1);
	assert_int_equal(buffer.length, 2 * (sizeof(wanted) - 1));
	assert_false(buffer.cut);
	strbuf_free(&buffer);
	assert_int_equal(buffer.room, 0);
}

static bool memory_is_short;

void *__real_realloc(void *bytes, size_t size);
void *__wrap_realloc(void *bytes, size_t size);

void *__wrap_realloc(void *bytes, size_t size)
{
	return memory_is_short ? NULL : __real_realloc(bytes, size);
}

static void test_no_memory(void **state)
{
	size_t room;

	(void)state;
	strbuf_add(&buffer, "all that fits");
	room = buffer.room;
	memory_is_short = true;
	strbuf_reserve(&buffer, room + 1);
	assert_true(buffer.cut);
	strbuf_add(&buffer, ", and what comes later");
	memory_is_short = false;
	assert_int_equal(buffer.room, room);
	assert_string_equal(taken(), "all that fits, and what comes later");
	strbuf_free(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("buffer", tests, NULL, NULL);
}
