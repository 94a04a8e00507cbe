// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of mptcp-watch: what it means, and what is wrong with it. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fixture.h"
#include "watch/watch_options.h"

typedef void (*parser)(struct watch_options *chosen, int argc, char **argv);

/* The command line has up to three words. */
static struct watch_options parse_by(parser parser, const char *first, const char *second,
				     const char *third)
{
	const char *args[] = { "mptcp-watch", first, second, third, NULL };
	struct watch_options chosen;
	int argc = 1;

	while (args[argc])
		argc++;
	parser(&chosen, argc, (char **)args);
	return chosen;
}

static struct watch_options parse(const char *first, const char *second, const char *third)
{
	return parse_by(watch_options_parse, first, second, third);
}

static void test_defaults(void **state)
{
	const struct watch_options chosen = parse(NULL, NULL, NULL);
	const struct watch_filter everything = { .events = ~0U, .initial = true };

	(void)state;
	assert_false(chosen.json);
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
	/* Lost events are always reported. */
	assert_int_equal(parse("--events=closed", NULL, NULL).filter.events,
			 1U << WATCH_CLOSED | 1U << WATCH_LOST);
	assert_int_equal(parse("--events", "failover,resumed,lost", NULL).filter.events,
			 1U << WATCH_FAILOVER | 1U << WATCH_RESUMED | 1U << WATCH_LOST);
	assert_int_equal(parse("--events=failover", "--events=resumed", NULL).filter.events,
			 1U << WATCH_FAILOVER | 1U << WATCH_RESUMED | 1U << WATCH_LOST);
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
	assert_true(parse("--wide", NULL, NULL).wide);
	assert_int_equal(parse("--duration=5m", NULL, NULL).duration, 300);
}

static void test_record(void **state)
{
	struct watch_options chosen = parse_by(record_options_parse, "--port=1", "a",
					       "--duration=5m");

	(void)state;
	assert_string_equal(chosen.record, "a");
	assert_null(chosen.replay);
	assert_int_equal(chosen.filter.port, 1);
	assert_int_equal(chosen.duration, 300);
}

static void test_replay(void **state)
{
	struct watch_options chosen = parse_by(replay_options_parse, "-", "--count=1", "--wide");

	(void)state;
	assert_string_equal(chosen.replay, "-");
	assert_null(chosen.record);
	assert_int_equal(chosen.count, 1);
	assert_true(chosen.wide);
}

/* In a child, since that is what a wrong command line ends. */
static void assert_usage_error_by(parser parser, const char *first, const char *second,
				  const char *third, const char *message)
{
	int status = 0;
	pid_t child;

	capture_start();
	child = fork();
	if (child == 0) {
		parse_by(parser, first, second, third);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_contains(capture_end(), message);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), STATUS_USAGE);
}

static void assert_usage_error(const char *first, const char *second, const char *third,
			       const char *message)
{
	assert_usage_error_by(watch_options_parse, first, second, third, message);
}

static void test_wrong_numbers(void **state)
{
	(void)state;
	assert_usage_error("--port=0", NULL, NULL,
			   "invalid --port '0': expected a number from 1 to 65535\nTry '");
	assert_usage_error("--port=65536", NULL, NULL, "invalid --port '65536'");
	assert_usage_error("--count=0", NULL, NULL,
			   "invalid --count '0': expected a number from 1 to");
	assert_usage_error("--count=4294967296", NULL, NULL, "invalid --count");
	assert_usage_error("--buffer=2", NULL, NULL,
			   "expected a power of two from 4 to 1048576, in KiB");
	assert_usage_error("--buffer=2097152", NULL, NULL,
			   "expected a power of two from 4 to 1048576, in KiB");
	assert_usage_error("--connections=0", NULL, NULL, "expected a number from 1 to 16777216");
	assert_usage_error("--buffer=1000", NULL, NULL,
			   "invalid --buffer '1000': expected a power of two from 4");
	assert_usage_error("--duration=5x", NULL, NULL, "invalid --duration '5x': expected");
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
		assert_usage_error(twice[i][0], twice[i][1], NULL,
				   " can be given only once (start another");
	assert_usage_error("--port=1", "--port=2", NULL, "--port can be given only once");
}

static void test_wrong_names(void **state)
{
	(void)state;
	assert_usage_error("--events=clsoed", NULL, NULL,
			   "unknown event 'clsoed' (did you mean 'closed'? The events are created, "
			   "established, closed, ");
	assert_usage_error("--events=failvoer", NULL, NULL, "did you mean 'failover'?");
	assert_usage_error("--events=subestablished", NULL, NULL,
			   "did you mean 'sub_established'?");
	assert_usage_error("--events=bandwidth", NULL, NULL,
			   "unknown event 'bandwidth' (the events are created, ");
	assert_usage_error("--events=none", NULL, NULL, ", sockopt_denied, lost)");
	assert_usage_error("--events=closed,none,lost", NULL, NULL, "unknown event 'none'");
	assert_usage_error("--events=closed,", NULL, NULL,
			   "empty name in --events (expected a list");
	assert_usage_error("--events=", NULL, NULL, "empty name in --events (expected a list");
	assert_usage_error("--comm=sixteen-letters-", NULL, NULL,
			   "invalid --comm 'sixteen-letters-': the kernel keeps only 15 bytes");
	assert_usage_error("--comm=", NULL, NULL, "invalid --comm '': the name is empty");
}

static void test_wrong_combinations(void **state)
{
	static const char *const watching[] = { "--cgroup=/a",	   "--netns=a",	   "--comm=a",
						"--port=1",	   "--duration=1", "--buffer=1024",
						"--connections=1", "--no-initial" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(watching) / sizeof(watching[0]); i++)
		assert_usage_error_by(replay_options_parse, "b", watching[i], NULL,
				      "unrecognized option '--");
	assert_usage_error("--json", "--wide", NULL, "--json and --wide cannot be used together");
	assert_usage_error("--json", "app", NULL, "unexpected argument 'app'");
	assert_usage_error("--prot=1", NULL, NULL, "unrecognized option '--prot=1'");
}

static void test_wrong_files(void **state)
{
	(void)state;
	assert_usage_error_by(record_options_parse, NULL, NULL, NULL, "no FILE given");
	assert_usage_error_by(replay_options_parse, "-j", NULL, NULL, "no FILE given");
	assert_usage_error_by(replay_options_parse, "a", "b", NULL, "unexpected argument 'b'");
	assert_usage_error_by(record_options_parse, "-", NULL, NULL,
			      "cannot record to standard output: events are printed there (give");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),      cmocka_unit_test(test_filters),
		cmocka_unit_test(test_events),	      cmocka_unit_test(test_rest),
		cmocka_unit_test(test_record),	      cmocka_unit_test(test_replay),
		cmocka_unit_test(test_wrong_numbers), cmocka_unit_test(test_filters_given_twice),
		cmocka_unit_test(test_wrong_names),   cmocka_unit_test(test_wrong_combinations),
		cmocka_unit_test(test_wrong_files),
	};

	return cmocka_run_group_tests_name("watch_options", tests, NULL, NULL);
}
