// SPDX-License-Identifier: GPL-2.0-or-later
/* Which command runs, the options of all of them, and what is wrong with a command line. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/command.h"
#include "common/exit_status.h"
#include "common/fixture.h"
#include "common/log.h"

const char *argp_program_version = "tool 1";

static const struct argp_child children[] = { { &common_argp, 0, NULL, 0 }, { 0 } };
static const struct argp argp = { .children = children, .doc = "Do something." };

static int run_tool(int argc, char **argv)
{
	command_parse(&argp, 0, argc, argv, NULL);
	log_notice("notice of %s", argv[0]);
	log_debug("debug");
	return 10;
}

static int run_start(int argc, char **argv)
{
	return run_tool(argc, argv) + 1;
}

static const struct command commands[] = {
	{ "tool", "[OPTIONS]", NULL, run_tool },
	{ "tool start", "[OPTIONS]", "Start it", run_start },
	{ "tool stop", "[OPTIONS]", "Stop it", run_tool },
	{ 0 },
};

/* In a child, which may end itself. Standard output is captured as well. */
static const char *run(const char *first, const char *second, int *status)
{
	char *argv[] = { "/path/of/tool", (char *)first, (char *)second, NULL };
	pid_t child;
	int argc = 1;

	while (argv[argc])
		argc++;
	capture_start();
	fflush(NULL);
	child = fork();
	if (child == 0) {
		stdout = stderr;
		exit(command_main(commands, argc, argv));
	}
	waitpid(child, status, 0);
	assert_true(WIFEXITED(*status));
	*status = WEXITSTATUS(*status);
	return capture_end();
}

static void assert_run(const char *first, const char *second, int status, const char *printed)
{
	const char *text;
	int ended;

	text = run(first, second, &ended);
	assert_contains(text, printed);
	assert_int_equal(ended, status);
}

static void test_commands(void **state)
{
	(void)state;
	assert_run(NULL, NULL, 10, "notice of tool\n");
	assert_run("start", NULL, 11, "notice of tool start\n");
	assert_run("stop", NULL, 10, "notice of tool stop\n");
}

static void test_wrong_commands(void **state)
{
	(void)state;
	assert_run("satrt", NULL, STATUS_USAGE,
		   "tool: unknown command 'satrt' (did you mean 'start'?)\nTry 'tool --help'");
	assert_run("other", NULL, STATUS_USAGE,
		   "tool: unknown command 'other' (the commands are start, stop)\nTry");
	assert_run("", NULL, STATUS_USAGE, "unknown command ''");
	assert_run("-q", "start", STATUS_USAGE, "tool: 'start' must be the first argument\nTry");
	assert_run("-q", "other", STATUS_USAGE, "tool: unexpected argument 'other'\nTry");
	assert_run("start", "other", STATUS_USAGE,
		   "tool start: unexpected argument 'other'\nTry 'tool start --help' for");
	assert_run("start", "stop", STATUS_USAGE, "unexpected argument 'stop'");
}

static void test_levels(void **state)
{
	int status;

	(void)state;
	assert_string_equal(run("-q", NULL, &status), "");
	assert_run("start", "-v", 11, "notice of tool start\ncommand_test: debug\n");
	assert_run("-q", "--verbose", 10, "debug");
}

static void test_wrong_options(void **state)
{
	(void)state;
	assert_run(
		"--other", NULL, STATUS_USAGE,
		"tool: unrecognized option '--other'\nTry 'tool --help' for more information.\n");
	assert_run("start", "-x", STATUS_USAGE,
		   "tool start: invalid option -- 'x'\nTry 'tool start --help' for");
}

static void test_help(void **state)
{
	int status;

	(void)state;
	assert_run(
		"-h", NULL, 0,
		"Usage: tool [OPTIONS]\n       tool start [OPTIONS]\n       tool stop [OPTIONS]\n");
	assert_run("--help", NULL, 0, "\n  start                      Start it\n");
	assert_run("start", "--help", 0, "Usage: tool start [OPTIONS]\n\nDo something.\n\n");
	assert_null(strstr(run("start", "-?", &status), "stop"));
	assert_int_equal(status, 0);
	assert_run("stop", "-V", 0, "tool 1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands), cmocka_unit_test(test_wrong_commands),
		cmocka_unit_test(test_levels),	 cmocka_unit_test(test_wrong_options),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
