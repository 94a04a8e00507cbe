// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of mptcp-watch: what it means, and what is wrong with it. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "common/fixture.h"
#include "common/unit.h"
#include "watch/watch_options.h"

enum exit_status __wrap_cgroup_resolve(const char *path, const struct cgroup_remedies *remedies,
				       uint64_t *id, char *kernel_path, size_t size);
int __wrap_cgroup_resolve_missing(const char *path, char *kernel_path, size_t size);
enum exit_status __wrap_unit_find_cgroup(const char *name, char *path, size_t size);

/* / is the only cgroup. */
enum exit_status __wrap_cgroup_resolve(const char *path, const struct cgroup_remedies *remedies,
				       uint64_t *id, char *kernel_path, size_t size)
{
	assert_true(*remedies->if_missing && *remedies->if_root);
	if (strcmp(path, "/") != 0)
		return STATUS_FAILED;
	*id = 7;
	snprintf(kernel_path, size, "/kernel");
	return STATUS_OK;
}

int __wrap_cgroup_resolve_missing(const char *path, char *kernel_path, size_t size)
{
	if (access(path, F_OK) == 0)
		return -EEXIST;
	snprintf(kernel_path, size, "/kernel%s", path);
	return 0;
}

enum exit_status __wrap_unit_find_cgroup(const char *name, char *path, size_t size)
{
	if (strcmp(name, "unknown.service") == 0)
		return STATUS_FAILED;
	snprintf(path, size, "%s", strcmp(name, "runs.service") == 0 ? "/" : "/nowhere/later");
	return STATUS_OK;
}

typedef void (*parser)(struct watch_options *chosen, int argc, char **argv);

static struct watch_options parse_by(parser parser, const char *const *args)
{
	struct watch_options chosen;
	int argc = 0;

	while (args[argc])
		argc++;
	parser(&chosen, argc, (char **)args);
	return chosen;
}

/* A command line, without the program's name. */
#define ARGS(...) ((const char *const[]){ "mptcp-watch", __VA_ARGS__, NULL })

#define parse(...) parse_by(watch_options_parse, ARGS(__VA_ARGS__))

static void test_defaults(void **state)
{
	const struct watch_options chosen = parse(NULL);
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
	assert_int_equal(parse("--port=1").filter.port, 1);
	assert_int_equal(parse("--port", "65535").filter.port, 65535);
	assert_string_equal(parse("--comm", "fifteen-letters").filter.comm, "fifteen-letters");
	assert_string_equal(parse("--cgroup=/a").cgroup, "/a");
	assert_string_equal(parse("--unit=a").unit, "a.service");
	assert_string_equal(parse("--netns=blue").netns, "blue");
	assert_false(parse("--no-initial").filter.initial);
}

static enum exit_status resolve(struct watch_options *chosen, const char *argument)
{
	*chosen = parse(argument);
	return watch_options_resolve(chosen);
}

static void test_cgroups(void **state)
{
	struct watch_options chosen;
	uint64_t id = 0;

	(void)state;
	assert_int_equal(resolve(&chosen, "--cgroup=/none"), STATUS_FAILED);
	assert_int_equal(resolve(&chosen, "--cgroup=/"), STATUS_OK);
	assert_int_equal(chosen.filter.cgroup, 7);
	assert_true(watch_options_refresh(&chosen, &id));
	assert_int_equal(id, 7);
	chosen = parse(NULL);
	assert_int_equal(watch_options_resolve(&chosen), STATUS_OK);
	assert_false(watch_options_refresh(&chosen, &id));
}

static void test_units(void **state)
{
	struct watch_options chosen;
	enum exit_status status;
	uint64_t id = 0;

	(void)state;
	assert_int_equal(resolve(&chosen, "--unit=unknown"), STATUS_FAILED);
	assert_int_equal(resolve(&chosen, "--unit=runs"), STATUS_OK);
	assert_string_equal(chosen.cgroup, "/");
	assert_int_equal(chosen.filter.cgroup, 7);
	capture_start();
	status = resolve(&chosen, "--unit=later");
	assert_string_equal(capture_end(), "cgroup '/nowhere/later' does not exist yet; it is "
					   "watched from its creation on\n");
	assert_int_equal(status, STATUS_OK);
	assert_int_equal(chosen.filter.cgroup, 0);
	assert_string_equal(chosen.filter.cgroup_path, "/kernel/nowhere/later");
	assert_false(watch_options_refresh(&chosen, &id));
	/* It was created meanwhile. */
	chosen.cgroup = "/";
	assert_true(watch_options_refresh(&chosen, &id));
	assert_int_equal(id, 7);
}

static void test_events(void **state)
{
	(void)state;
	/* Lost events are always reported. */
	assert_int_equal(parse("--events=closed").filter.events,
			 1U << WATCH_CLOSED | 1U << WATCH_LOST);
	assert_int_equal(parse("--events", "failover,resumed,lost").filter.events,
			 1U << WATCH_FAILOVER | 1U << WATCH_RESUMED | 1U << WATCH_LOST);
	assert_int_equal(parse("--events=failover", "--events=resumed").filter.events,
			 1U << WATCH_FAILOVER | 1U << WATCH_RESUMED | 1U << WATCH_LOST);
}

static void test_rest(void **state)
{
	(void)state;
	assert_int_equal(parse("--count=4294967295").count, UINT32_MAX);
	assert_int_equal(parse("--buffer=4").buffer_size, 4096);
	assert_int_equal(parse("--connections=1000").filter.connections, 1000);
	assert_int_equal(parse("--buffer=1048576").buffer_size, 1024UL * 1024 * 1024);
	assert_true(parse("-j").json);
	assert_true(parse("--json").json);
	assert_true(parse("--wide").wide);
	assert_int_equal(parse("--duration=5m").duration, 300);
}

static void test_record(void **state)
{
	struct watch_options chosen = parse_by(record_options_parse,
					       ARGS("--port=1", "a", "--duration=5m"));

	(void)state;
	assert_string_equal(chosen.record, "a");
	assert_null(chosen.replay);
	assert_int_equal(chosen.filter.port, 1);
	assert_int_equal(chosen.duration, 300);
}

static void test_replay(void **state)
{
	struct watch_options chosen = parse_by(replay_options_parse,
					       ARGS("-", "--count=1", "--wide"));

	(void)state;
	assert_string_equal(chosen.replay, "-");
	assert_null(chosen.record);
	assert_int_equal(chosen.count, 1);
	assert_true(chosen.wide);
}

/* In a child, since that is what a wrong command line ends. */
static void assert_usage_error_by(parser parser, const char *message, const char *const *args)
{
	int status = 0;
	pid_t child;

	capture_start();
	child = fork();
	if (child == 0) {
		parse_by(parser, args);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_contains(capture_end(), message);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), STATUS_USAGE);
}

#define assert_usage_error(message, ...)                                                           \
	assert_usage_error_by(watch_options_parse, message, ARGS(__VA_ARGS__))

static void test_wrong_numbers(void **state)
{
	(void)state;
	assert_usage_error("invalid --port '0': expected a number from 1 to 65535\nTry '",
			   "--port=0");
	assert_usage_error("invalid --port '65536'", "--port=65536");
	assert_usage_error("invalid --count '0': expected a number from 1 to", "--count=0");
	assert_usage_error("invalid --count", "--count=4294967296");
	assert_usage_error("expected a power of two from 4 to 1048576, in KiB", "--buffer=2");
	assert_usage_error("expected a power of two from 4 to 1048576, in KiB", "--buffer=2097152");
	assert_usage_error("expected a number from 1 to 16777216", "--connections=0");
	assert_usage_error("invalid --buffer '1000': expected a power of two from 4",
			   "--buffer=1000");
	assert_usage_error("invalid --duration '5x': expected", "--duration=5x");
}

/* With each of the others, the last of two would win, and nobody would see that. */
static void test_filters_given_twice(void **state)
{
	static const char *const twice[][2] = {
		{ "--comm=a", "--comm=b" }, { "--comm=a", "--comm=a" },
		{ "--port=1", "--port=2" }, { "--cgroup=/a", "--cgroup=/b" },
		{ "--unit=a", "--unit=b" }, { "--netns=a", "--netns=b" }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(twice) / sizeof(twice[0]); i++)
		assert_usage_error(" can be given only once (start another", twice[i][0],
				   twice[i][1]);
	assert_usage_error("--port can be given only once", "--port=1", "--port=2");
}

static void test_wrong_names(void **state)
{
	(void)state;
	assert_usage_error("unknown event 'clsoed' (did you mean 'closed'? The events are created, "
			   "established, closed, ",
			   "--events=clsoed");
	assert_usage_error("did you mean 'failover'?", "--events=failvoer");
	assert_usage_error("did you mean 'sub_established'?", "--events=subestablished");
	assert_usage_error("unknown event 'bandwidth' (the events are created, ",
			   "--events=bandwidth");
	assert_usage_error(", sockopt_denied, lost)", "--events=none");
	assert_usage_error("unknown event 'none'", "--events=closed,none,lost");
	assert_usage_error("empty name in --events (expected a list", "--events=closed,");
	assert_usage_error("empty name in --events (expected a list", "--events=");
	assert_usage_error("invalid --comm 'sixteen-letters-': the kernel keeps only 15 bytes",
			   "--comm=sixteen-letters-");
	assert_usage_error("invalid --comm '': the name is empty", "--comm=");
}

static void test_wrong_combinations(void **state)
{
	static const char *const watching[] = {
		"--cgroup=/a",	"--unit=a",	 "--netns=a",	    "--comm=a",	   "--port=1",
		"--duration=1", "--buffer=1024", "--connections=1", "--no-initial"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(watching) / sizeof(watching[0]); i++)
		assert_usage_error_by(replay_options_parse, "unrecognized option '--",
				      ARGS("b", watching[i]));
	assert_usage_error("--cgroup and --unit cannot be used together", "--unit=a", "--cgroup=/");
	assert_usage_error("--json and --wide cannot be used together", "--json", "--wide");
	assert_usage_error("unexpected argument 'app'", "--json", "app");
	assert_usage_error("unrecognized option '--prot=1'", "--prot=1");
}

static void test_wrong_files(void **state)
{
	(void)state;
	assert_usage_error_by(record_options_parse, "no FILE given", ARGS(NULL));
	assert_usage_error_by(replay_options_parse, "no FILE given", ARGS("-j"));
	assert_usage_error_by(replay_options_parse, "unexpected argument 'b'", ARGS("a", "b"));
	assert_usage_error_by(record_options_parse,
			      "cannot record to standard output: events are printed there (give",
			      ARGS("-"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),      cmocka_unit_test(test_filters),
		cmocka_unit_test(test_events),	      cmocka_unit_test(test_rest),
		cmocka_unit_test(test_record),	      cmocka_unit_test(test_replay),
		cmocka_unit_test(test_wrong_numbers), cmocka_unit_test(test_filters_given_twice),
		cmocka_unit_test(test_wrong_names),   cmocka_unit_test(test_wrong_combinations),
		cmocka_unit_test(test_wrong_files),   cmocka_unit_test(test_cgroups),
		cmocka_unit_test(test_units),
	};

	return cmocka_run_group_tests_name("watch_options", tests, NULL, NULL);
}
