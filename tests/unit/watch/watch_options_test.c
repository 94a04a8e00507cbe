// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of mptcp-watch: what it means, and what is wrong with it. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fixture.h"
#include "watch/watch_options.h"

/* The command line has up to three words. */
static struct watch_options parse(const char *first, const char *second, const char *third)
{
	const char *args[] = { "mptcp-watch", first, second, third, NULL };
	struct watch_options chosen;
	int argc = 1;

	while (args[argc])
		argc++;
	watch_options_parse(&chosen, argc, (char **)args);
	return chosen;
}

static void test_defaults(void **state)
{
	const struct watch_options chosen = parse(NULL, NULL, NULL);
	const struct watch_filter everything = { .events = ~0U, .initial = true };

	(void)state;
	assert_int_equal(chosen.level, LOG_NOTICES);
	assert_false(chosen.json || chosen.check);
	assert_int_equal(chosen.duration, 0);
	assert_int_equal(chosen.count, 0);
	assert_int_equal(chosen.buffer_size, 1024 * 1024);
	assert_null(chosen.record);
	assert_null(chosen.replay);
	assert_null(chosen.cgroup);
	assert_null(chosen.netns);
	assert_int_equal(chosen.filter.events, everything.events);
	assert_int_equal(chosen.filter.port, 0);
	assert_string_equal(chosen.filter.comm, "");
	assert_true(chosen.filter.initial);
}

static void test_filters(void **state)
{
	(void)state;
	assert_int_equal(parse("--port=1", NULL, NULL).filter.port, 1);
	assert_int_equal(parse("--port", "65535", NULL).filter.port, 65535);
	assert_string_equal(parse("--comm", "fifteen-letters", NULL).filter.comm,
			    "fifteen-letters");
	assert_string_equal(parse("--cgroup=/a", NULL, NULL).cgroup, "/a");
	assert_string_equal(parse("--netns=blue", NULL, NULL).netns, "blue");
	assert_false(parse("--no-initial", NULL, NULL).filter.initial);
}

static void test_events(void **state)
{
	(void)state;
	/* What was lost is always told. */
	assert_int_equal(parse("--events=closed", NULL, NULL).filter.events,
			 1U << WATCH_CLOSED | 1U << WATCH_LOST);
	assert_int_equal(parse("--events", "failover,resumed,lost", NULL).filter.events,
			 1U << WATCH_FAILOVER | 1U << WATCH_RESUMED | 1U << WATCH_LOST);
	assert_int_equal(parse("--events=failover", "--events=resumed", NULL).filter.events,
			 1U << WATCH_FAILOVER | 1U << WATCH_RESUMED | 1U << WATCH_LOST);
}

static void test_duration(void **state)
{
	(void)state;
	assert_int_equal(parse("--duration=1", NULL, NULL).duration, 1);
	assert_int_equal(parse("--duration=90s", NULL, NULL).duration, 90);
	assert_int_equal(parse("--duration=5m", NULL, NULL).duration, 300);
	assert_int_equal(parse("--duration=12h", NULL, NULL).duration, 43200);
	assert_int_equal(parse("--duration=7d", NULL, NULL).duration, 604800);
	assert_int_equal(parse("--duration=2147483647", NULL, NULL).duration, INT32_MAX);
}

static void test_rest(void **state)
{
	(void)state;
	assert_int_equal(parse("--count=4294967295", NULL, NULL).count, UINT32_MAX);
	assert_int_equal(parse("--buffer=4", NULL, NULL).buffer_size, 4096);
	assert_int_equal(parse("--connections=1000", NULL, NULL).filter.connections, 1000);
	assert_int_equal(parse("--buffer=1048576", NULL, NULL).buffer_size, 1024UL * 1024 * 1024);
	assert_true(parse("-j", NULL, NULL).json);
	assert_true(parse("--json", NULL, NULL).json);
	assert_true(parse("--check", NULL, NULL).check);
	assert_true(parse("--wide", NULL, NULL).wide);
	assert_true(parse("--replay=a", "--wide", NULL).wide);
	assert_int_equal(parse("-q", NULL, NULL).level, LOG_ERRORS);
	assert_int_equal(parse("-v", NULL, NULL).level, LOG_DEBUG);
	assert_string_equal(parse("--record", "a", NULL).record, "a");
	assert_string_equal(parse("--replay", "-", "--count=1").replay, "-");
}

/* In a child, since that is what a wrong command line ends. */
static void assert_usage_error(const char *first, const char *second, const char *third,
			       const char *message)
{
	int status = 0;
	pid_t child;

	capture_start();
	child = fork();
	if (child == 0) {
		argp_err_exit_status = STATUS_USAGE;
		parse(first, second, third);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_contains(capture_end(), message);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), STATUS_USAGE);
}

static void test_wrong_numbers(void **state)
{
	static const char *const ports[] = { "0", "65536", "-1",   "",
					     "x", "80x",   "0x50", "18446744073709551617" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		assert_usage_error("--port", ports[i], NULL, "wanted a number from 1 to 65535");
	assert_usage_error("--count=0", NULL, NULL, "invalid count '0': wanted a number from 1 to");
	assert_usage_error("--count=4294967296", NULL, NULL, "invalid count");
	assert_usage_error("--buffer=2", NULL, NULL, "wanted a number from 4 to 1048576");
	assert_usage_error("--buffer=2097152", NULL, NULL, "wanted a number from 4 to 1048576");
	assert_usage_error("--connections=0", NULL, NULL, "wanted a number from 1 to 16777216");
	assert_usage_error("--buffer=1000", NULL, NULL,
			   "invalid buffer '1000': wanted a power of two");
}

static void test_wrong_durations(void **state)
{
	static const char *const durations[] = { "0",	"0m",	  "-1",	       "",    "m",
						 "5x",	"5 m",	  " 5",	       "1.5", "5mm",
						 "+5m", "36000d", "2147483648" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		assert_usage_error("--duration", durations[i], NULL,
				   "expected seconds, or a number with a unit (s, m, h, d)");
	assert_usage_error("--duration=5x", NULL, NULL, "invalid duration '5x': ");
}

/* With each of the others, the last of two would win, and nobody would see that. */
static void test_filters_given_twice(void **state)
{
	static const char *const twice[][2] = { { "--comm=a", "--comm=b" },
						{ "--comm=a", "--comm=a" },
						{ "--port=1", "--port=2" },
						{ "--cgroup=/a", "--cgroup=/b" },
						{ "--netns=a", "--netns=b" } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(twice) / sizeof(twice[0]); i++)
		assert_usage_error(twice[i][0], twice[i][1], NULL, " is given twice (watch each");
	assert_usage_error("--port=1", "--port=2", NULL, "--port is given twice");
}

static void test_wrong_names(void **state)
{
	(void)state;
	assert_usage_error("--events=clsoed", NULL, NULL,
			   "unknown event 'clsoed' (did you mean 'closed'? events are: created, "
			   "established, closed, ");
	assert_usage_error("--events=failvoer", NULL, NULL, "did you mean 'failover'?");
	assert_usage_error("--events=subestablished", NULL, NULL,
			   "did you mean 'sub_established'?");
	assert_usage_error("--events=bandwidth", NULL, NULL,
			   "unknown event 'bandwidth' (events are: created, ");
	assert_usage_error("--events=none", NULL, NULL, ", sockopt_denied, lost)");
	assert_usage_error("--events=closed,none,lost", NULL, NULL, "unknown event 'none'");
	assert_usage_error("--events=closed,", NULL, NULL, "unknown event ''");
	assert_usage_error("--events=", NULL, NULL, "unknown event ''");
	assert_usage_error("--comm=sixteen-letters-", NULL, NULL,
			   "invalid name 'sixteen-letters-': the kernel keeps 1 to 15 bytes");
	assert_usage_error("--comm=", NULL, NULL, "invalid name ''");
}

static void test_wrong_combinations(void **state)
{
	static const char *const watching[] = { "--cgroup=/a",	   "--netns=a",	   "--comm=a",
						"--port=1",	   "--duration=1", "--buffer=1024",
						"--connections=1", "--no-initial" };
	static const char *const others[] = { "--replay=a", "--record=a", "--json", "--wide" };
	size_t i;

	(void)state;
	assert_usage_error("--record=a", "--replay=b", NULL,
			   "--record and --replay exclude each other");
	for (i = 0; i < sizeof(watching) / sizeof(watching[0]); i++)
		assert_usage_error("--replay=b", watching[i], NULL, "are for watching: a replay");
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_usage_error("--check", others[i], NULL, "--check goes alone");
	assert_usage_error("--json", "--wide", NULL, "--wide is for text");
	assert_usage_error("app", NULL, NULL, "unexpected argument 'app'");
	assert_usage_error("--prot=1", NULL, NULL, "unrecognized option '--prot=1'");
	assert_usage_error("--replay", NULL, NULL, "option '--replay' requires an argument");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_wrong_numbers),
		cmocka_unit_test(test_wrong_durations),
		cmocka_unit_test(test_filters_given_twice),
		cmocka_unit_test(test_wrong_names),
		cmocka_unit_test(test_wrong_combinations),
	};

	return cmocka_run_group_tests_name("watch_options", tests, NULL, NULL);
}
