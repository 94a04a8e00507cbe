// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments of options: what they mean, and what is wrong with them. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/exit_status.h"
#include "common/fixture.h"
#include "common/parse.h"

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(parse_number("--n", "1", 1, 65535), 1);
	assert_int_equal(parse_number("--n", "65535", 1, 65535), 65535);
	assert_int_equal(parse_number("--n", "007", 1, 65535), 7);
}

static void test_durations(void **state)
{
	(void)state;
	assert_int_equal(parse_duration("--d", "1"), 1);
	assert_int_equal(parse_duration("--d", "90s"), 90);
	assert_int_equal(parse_duration("--d", "5m"), 300);
	assert_int_equal(parse_duration("--d", "12h"), 43200);
	assert_int_equal(parse_duration("--d", "7d"), 604800);
	assert_int_equal(parse_duration("--d", "2147483647"), INT32_MAX);
}

static void test_comm(void **state)
{
	static const char padded[16] = "sshd";
	char comm[16] = "what was before";

	(void)state;
	parse_comm("--comm", "sshd", comm, sizeof(comm));
	assert_memory_equal(comm, padded, sizeof(comm));
	parse_comm("--comm", "fifteen-letters", comm, sizeof(comm));
	assert_string_equal(comm, "fifteen-letters");
}

static void number(const char *text)
{
	parse_number("--n", text, 1, 65535);
}

static void duration(const char *text)
{
	parse_duration("--d", text);
}

static void comm(const char *text)
{
	char comm[16];

	parse_comm("--comm", text, comm, sizeof(comm));
}

/* In a child, since that is what a usage error ends. */
static void assert_refused(void (*parse)(const char *text), const char *text, const char *message)
{
	int status = 0;
	pid_t child;

	capture_start();
	child = fork();
	if (child == 0) {
		parse(text);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_contains(capture_end(), message);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), STATUS_USAGE);
}

static void test_wrong_numbers(void **state)
{
	static const char *const wrong[] = { "0",   "65536", "-1",   "",
					     "x",   "80x",   "0x50", " 80",
					     "+80", "8 ",    "80.",  "18446744073709551617" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_refused(number, wrong[i], "': expected a number from 1 to 65535\nTry '");
	assert_refused(number, "x", ": invalid --n 'x': expected");
}

static void test_wrong_durations(void **state)
{
	static const char *const wrong[] = { "0",   "0m", "-1",	 "",	"m",   "5x",
					     "5 m", " 5", "1.5", "5mm", "+5m", "1h30m" };
	static const char *const long_ones[] = { "36000d", "2147483648", "99999999999999999999d" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_refused(duration, wrong[i],
			       "': expected a number of seconds, or a number "
			       "followed by s, m, h or d, such as 90, 5m or 12h\n");
	for (i = 0; i < sizeof(long_ones) / sizeof(long_ones[0]); i++)
		assert_refused(duration, long_ones[i], "': the maximum is 24855d\n");
	assert_refused(duration, "5x", ": invalid --d '5x': expected");
}

static void test_wrong_comms(void **state)
{
	(void)state;
	assert_refused(comm, "", ": invalid --comm '': the name is empty\nTry '");
	assert_refused(comm, "sixteen-letters-",
		       ": invalid --comm 'sixteen-letters-': the kernel keeps only 15 bytes of a "
		       "name (use 'sixteen-letters')\nTry '");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_comm),
		cmocka_unit_test(test_wrong_numbers),
		cmocka_unit_test(test_wrong_durations),
		cmocka_unit_test(test_wrong_comms),
	};

	return cmocka_run_group_tests_name("parse", tests, NULL, NULL);
}
