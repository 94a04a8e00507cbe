// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop of mptcp-watch: what ends it, and what it prints until then. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "common/fixture.h"
#include "fake_watcher.h"
#include "stdout_pipe.h"
#include "watch_loop_fixture.h"

static void test_signal(void **state)
{
	(void)state;
	kernel.initial = WATCH_ESTABLISHED;
	submit(WATCH_CREATED);
	kernel.signal = SIGTERM;
	reader = stdout_pipe_start();
	assert_watched(STATUS_OK, "established created closed ");
}

static void test_signal_before_anything(void **state)
{
	(void)state;
	raise(SIGTERM);
	reader = stdout_pipe_start();
	assert_watched(STATUS_OK, "closed ");
}

/* A reader that is stuck holds up the end for a moment, not for ever, and not without a word. */
static void test_signal_and_stuck_reader(void **state)
{
	enum exit_status status;
	const char *messages;

	(void)state;
	submit(WATCH_CREATED);
	kernel.signal = SIGTERM;
	reader = stdout_pipe_start();
	stdout_pipe_fill();
	status = watch(&messages);
	close(reader);
	assert_int_equal(status, STATUS_FAILED);
	assert_contains(messages, "cannot write to standard output: the reader has stalled");
}

static void test_count(void **state)
{
	(void)state;
	chosen.count = 2;
	submit(WATCH_CREATED);
	submit(WATCH_ESTABLISHED);
	submit(WATCH_REMOVED);
	reader = stdout_pipe_start();
	assert_watched(STATUS_OK, "created established ");
}

static void test_duration(void **state)
{
	(void)state;
	chosen.duration = 1;
	submit(WATCH_CREATED);
	reader = stdout_pipe_start();
	assert_watched(STATUS_OK, "created closed ");
}

/* --duration ends it too when nobody takes what it has to write. */
static void test_duration_and_stuck_reader(void **state)
{
	enum exit_status status;
	const char *messages;

	(void)state;
	chosen.duration = 1;
	submit(WATCH_CREATED);
	reader = stdout_pipe_start();
	stdout_pipe_fill();
	alarm(DEADLINE_S);
	status = watch(&messages);
	alarm(0);
	close(reader);
	assert_int_equal(status, STATUS_FAILED);
	assert_contains(messages, "cannot write to standard output: the reader has stalled");
}

static void test_reader_gone(void **state)
{
	enum exit_status status;
	const char *messages;

	(void)state;
	reader = stdout_pipe_start();
	close(reader);
	status = watch(&messages);
	assert_int_equal(status, STATUS_OK);
	assert_string_equal(messages, "watching MPTCP\n");
}

static void test_no_stdout(void **state)
{
	enum exit_status status;
	const char *messages;
	int spare;

	(void)state;
	reader = stdout_pipe_start();
	close(reader);
	submit(WATCH_CREATED);
	capture_start();
	spare = dup(STDOUT_FILENO);
	status = watch_loop_open(&loop, &chosen, signal_fd);
	close(STDOUT_FILENO);
	if (!status)
		status = watch_loop_finish(&loop, watch_loop_run(&loop));
	status = watch_loop_close(&loop, status);
	dup2(spare, STDOUT_FILENO);
	close(spare);
	messages = capture_end();
	stdout_pipe_end();
	assert_int_equal(status, STATUS_FAILED);
	assert_contains(messages, "cannot write to standard output: Bad file descriptor\n");
}

static void test_lost(void **state)
{
	const char *lines;
	const char *messages;

	(void)state;
	chosen.filter.events = 1U << WATCH_CREATED | 1U << WATCH_LOST;
	kernel.lost[WATCH_LOST_RATE_LIMIT][WATCH_SUB_CLOSED] = 41;
	submit(WATCH_CREATED);
	kernel.signal = SIGTERM;
	reader = stdout_pipe_start();
	assert_int_equal(watch(&messages), STATUS_OK);
	assert_true(kernel.skipped_counted);
	lines = stdout_pipe_read(reader);
	close(reader);
	assert_contains(lines, "\"event\":\"lost\",\"lost_event\":\"sub_closed\",\"count\":41,"
			       "\"reason\":\"rate_limit\"}\n");
	/* Once: nothing was lost since. And nothing else that was not asked for. */
	assert_null(strstr(strstr(lines, "\"lost\"") + 1, "\"event\""));
}

/* Also when no event comes: then nothing but the timer can report it, and ends this by the count. */
static void test_lost_while_watching(void **state)
{
	(void)state;
	chosen.count = 1;
	chosen.duration = 30;
	kernel.lost[WATCH_LOST_TABLE_FULL][WATCH_CREATED] = 1;
	reader = stdout_pipe_start();
	assert_watched(STATUS_OK, "lost ");
}

/* What may be missing has a name, for each function that was skipped. */
static void test_missed(void **state)
{
	const struct missed_calls event = { .function = "mptcp_event",
					    .calls = 3,
					    .events = 1U << WATCH_CREATED |
						      1U << WATCH_SUB_CLOSED };
	const struct missed_calls owner = { .function = "mptcp_connect",
					    .calls = 1,
					    .owner = true };
	const char *messages;

	(void)state;
	kernel.missed[0] = event;
	kernel.missed[1] = owner;
	submit(WATCH_CREATED);
	kernel.signal = SIGTERM;
	reader = stdout_pipe_start();
	assert_int_equal(watch(&messages), STATUS_OK);
	close(reader);
	assert_contains(messages,
			"warning: the kernel skipped the probe of mptcp_event up to 3 times: "
			"created, sub_closed may be missing\n");
	assert_contains(messages,
			"warning: the kernel skipped the probe of mptcp_connect up to 1 time: "
			"owners of connections and, with --cgroup or --comm, their events may be "
			"missing\n");
}

static void test_read_error(void **state)
{
	enum exit_status status;
	const char *messages;

	(void)state;
	kernel.error = -EIO;
	submit(WATCH_CREATED);
	reader = stdout_pipe_start();
	status = watch(&messages);
	close(reader);
	assert_int_equal(status, STATUS_FAILED);
	assert_contains(messages, "cannot read the ring buffer: Input/output error");
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, watch_set_up, watch_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_signal),
		test_of(test_signal_before_anything),
		test_of(test_signal_and_stuck_reader),
		test_of(test_count),
		test_of(test_duration),
		test_of(test_duration_and_stuck_reader),
		test_of(test_reader_gone),
		test_of(test_no_stdout),
		test_of(test_lost),
		test_of(test_lost_while_watching),
		test_of(test_missed),
		test_of(test_read_error),
	};

	return cmocka_run_group_tests_name("watch_loop", tests, NULL, NULL);
}
