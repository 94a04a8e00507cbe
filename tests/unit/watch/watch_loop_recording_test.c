// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop of mptcp-watch while it records: what is in the recording, and what happens when it cannot be written. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fixture.h"
#include "fake_watcher.h"
#include "stdout_pipe.h"
#include "watch_loop_fixture.h"

static int count_record(void *context, const struct watch_record *record)
{
	(void)record;
	++*(unsigned int *)context;
	return 0;
}

static void ignore_clock(void *context, int64_t wall_offset_ns)
{
	(void)context;
	(void)wall_offset_ns;
}

static void ignore_cgroup(void *context, uint64_t id, const char *path)
{
	(void)context;
	(void)id;
	(void)path;
}

/* How many records the recording at path has, all of it being sound. */
static unsigned int records_in(const char *path)
{
	unsigned int count = 0;
	const struct recording_reader counter = { &count, ignore_clock, ignore_cgroup,
						  count_record };
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_int_equal(recording_read(file, path, &counter), STATUS_OK);
	fclose(file);
	return count;
}

static void test_recording(void **state)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/recording", (char *)*state);
	chosen.record = path;
	submit(WATCH_CREATED);
	submit(WATCH_ESTABLISHED);
	kernel.signal = SIGTERM;
	reader = stdout_pipe_start();
	assert_watched(STATUS_OK, "created established closed ");
	assert_int_equal(records_in(path), 3);
	assert_int_equal(formatted, 3);
}

/* Lines for /dev/null are not made, but count: --count ends it as ever. */
static void test_recording_alone(void **state)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char path[PATH_MAX];
	const char *messages;

	snprintf(path, sizeof(path), "%s/recording", (char *)*state);
	chosen.record = path;
	chosen.count = 2;
	submit(WATCH_CREATED);
	submit(WATCH_ESTABLISHED);
	submit(WATCH_REMOVED);
	reader = stdout_pipe_start();
	dup2(null, STDOUT_FILENO);
	close(null);
	assert_int_equal(watch(&messages), STATUS_OK);
	close(reader);
	assert_int_equal(records_in(path), 2);
	assert_int_equal(formatted, 0);
}

/* A path that cannot be written is found out before anything is attached. */
static void test_bad_recording(void **state)
{
	enum exit_status status;
	const char *messages;

	(void)state;
	chosen.record = "/nowhere/it";
	reader = stdout_pipe_start();
	status = watch(&messages);
	close(reader);
	assert_int_equal(status, STATUS_FAILED);
	assert_contains(messages,
			"cannot create recording '/nowhere/it': No such file or directory");
	assert_false(kernel.opened);
}

/* A pipe that nobody empties holds up the end no more than a terminal does. */
static void test_recording_to_stuck_pipe(void **state)
{
	enum exit_status status;
	char path[PATH_MAX];
	const char *messages;
	int pipe_fd;

	snprintf(path, sizeof(path), "%s/pipe", (char *)*state);
	assert_int_equal(mkfifo(path, 0600), 0);
	pipe_fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	assert_true(pipe_fd >= 0);
	assert_true(fcntl(pipe_fd, F_SETPIPE_SZ, 4096) > 0);
	chosen.record = path;
	/* 15 records leave no room in it for the one that comes at the end. */
	for (int i = 0; i < 15; i++)
		submit(WATCH_CREATED);
	kernel.signal = SIGTERM;
	kernel.last = 10;
	reader = stdout_pipe_start();
	alarm(DEADLINE_S);
	status = watch(&messages);
	alarm(0);
	close(pipe_fd);
	close(reader);
	assert_int_equal(status, STATUS_FAILED);
	assert_contains(messages, "cannot write recording '");
}

static void test_recording_on_full_disk(void **state)
{
	struct rlimit unlimited, limit;
	enum exit_status status;
	char path[PATH_MAX];
	const char *messages;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &unlimited);
	limit = unlimited;
	limit.rlim_cur = 1000;
	snprintf(path, sizeof(path), "%s/recording", (char *)*state);
	chosen.record = path;
	kernel.initial = WATCH_ESTABLISHED;
	for (int i = 0; i < 10; i++)
		submit(WATCH_CREATED);
	reader = stdout_pipe_start();
	setrlimit(RLIMIT_FSIZE, &limit);
	status = watch(&messages);
	setrlimit(RLIMIT_FSIZE, &unlimited);
	close(reader);
	assert_int_equal(status, STATUS_FAILED);
	assert_contains(messages, "File too large");
	/* Of 224 bytes each, behind a header of 32. */
	assert_int_equal(records_in(path), 4);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, watch_set_up, watch_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_recording),
		test_of(test_recording_alone),
		test_of(test_bad_recording),
		test_of(test_recording_to_stuck_pipe),
		test_of(test_recording_on_full_disk),
	};

	return cmocka_run_group_tests_name("watch_loop_recording", tests, NULL, NULL);
}
