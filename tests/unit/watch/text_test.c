// SPDX-License-Identifier: GPL-2.0-or-later
/* Text that grows, and what becomes of it without memory. */
#include <string.h>

#include "common/fixture.h"
#include "watch/text.h"

static struct text text;

/* What is in the text, which is empty then. */
static const char *taken(void)
{
	text_add_char(&text, '\0');
	text.length = 0;
	return text.bytes;
}

static void test_grows(void **state)
{
	static char wanted[100001];
	size_t i;

	(void)state;
	memset(wanted, 'x', sizeof(wanted) - 1);
	for (i = 0; i < sizeof(wanted) - 1; i++)
		text_add_char(&text, 'x');
	assert_string_equal(taken(), wanted);
	text_add_bytes(&text, wanted, sizeof(wanted) - 1);
	text_add_bytes(&text, wanted, sizeof(wanted) - 1);
	assert_int_equal(text.length, 2 * (sizeof(wanted) - 1));
	assert_false(text.cut);
	text_free(&text);
	assert_int_equal(text.room, 0);
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
	text_add(&text, "all that fits");
	room = text.room;
	memory_is_short = true;
	text_end(&text, room + 1);
	assert_true(text.cut);
	text_add(&text, ", and what comes later");
	memory_is_short = false;
	assert_int_equal(text.room, room);
	assert_string_equal(taken(), "all that fits, and what comes later");
	text_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
