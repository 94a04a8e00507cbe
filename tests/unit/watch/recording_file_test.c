// SPDX-License-Identifier: GPL-2.0-or-later
/* The file of a recording: when it is created, replaced or kept, and what happens when it cannot be written. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fixture.h"
#include "recording_fixture.h"

/* Files may not grow beyond size: then a write fails, or takes less, as on a disk that is full. */
static void limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size == RLIM_INFINITY ? limit.rlim_max : size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* So much fits behind the first record: the file has what is complete, and no more is added to it. */
static void assert_full_after(const char *path, size_t space)
{
	struct recording *recording = create_recording(path);
	enum exit_status before, after, closed;
	unsigned int fit = 1 + (unsigned int)(space / RECORD_SIZE);
	const char *printed;
	uint8_t *bytes;
	size_t size;

	add_events(recording, 1, 1);
	before = recording_status(recording);
	capture_start();
	limit_files(HEADER_SIZE + RECORD_SIZE + space);
	add_events(recording, 2, 5);
	limit_files(RLIM_INFINITY);
	after = recording_status(recording);
	add_events(recording, 6, 6);
	closed = recording_close(recording);
	printed = capture_end();
	assert_int_equal(before, STATUS_OK);
	assert_int_equal(after, STATUS_FAILED);
	assert_int_equal(closed, STATUS_FAILED);
	assert_contains(printed, "cannot write recording '");
	assert_contains(printed, "File too large (the events recorded so far can be replayed)");
	assert_ptr_equal(strchr(printed, '\n'), printed + strlen(printed) - 1);
	bytes = read_file(path, &size);
	assert_int_equal(size, HEADER_SIZE + fit * RECORD_SIZE);
	assert_read(bytes, size);
	assert_records(fit);
	free(bytes);
}

static void test_disk_full(void **state)
{
	size_t space;

	signal(SIGXFSZ, SIG_IGN);
	for (space = 0; space < 3 * RECORD_SIZE; space++)
		assert_full_after(path_in(state), space);
}

/* A pipe that nobody reads: no reason to wait, before it is opened or when it is full. */
static void test_pipe(void **state)
{
	int signal_fd = eventfd(1, EFD_CLOEXEC), reader, events = 0;
	struct recording *recording = NULL;
	const char *printed;

	assert_int_equal(mkfifo(path_in(state), 0600), 0);
	capture_start();
	assert_int_equal(recording_open(&recording, path_in(state), signal_fd), STATUS_FAILED);
	assert_contains(capture_end(), "No such device or address (start the reader of the pipe");
	reader = open(path_in(state), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(recording_open(&recording, path_in(state), signal_fd), STATUS_OK);
	assert_int_equal(recording_start(recording, 0), STATUS_OK);
	capture_start();
	while (events++ < 10000 && !recording_status(recording))
		add_events(recording, WATCH_CREATED, WATCH_CREATED);
	printed = capture_end();
	assert_contains(printed, "Resource temporarily unavailable");
	assert_int_equal(recording_close(recording), STATUS_FAILED);
	close(reader);
	close(signal_fd);
}

static void assert_not_created(const char *path, enum exit_status wanted, const char *message)
{
	struct recording *recording = NULL;
	enum exit_status status;
	const char *printed;

	capture_start();
	status = recording_open(&recording, path, -1);
	printed = capture_end();
	assert_int_equal(status, wanted);
	assert_null(recording);
	assert_contains(printed, message);
	assert_ptr_equal(strchr(printed, '\n'), printed + strlen(printed) - 1);
}

static void test_not_created(void **state)
{
	assert_not_created(*state, STATUS_FAILED, "Is a directory (give the path of a file)");
	assert_not_created("/nowhere/it", STATUS_FAILED,
			   "cannot create recording '/nowhere/it': No such file or directory "
			   "(create its directory first)");
	assert_int_equal(recording_close(NULL), STATUS_OK);
}

static void test_not_started_on_full_disk(void **state)
{
	struct recording *recording = NULL;

	(void)state;
	assert_int_equal(recording_open(&recording, "/dev/full", -1), STATUS_OK);
	capture_start();
	assert_int_equal(recording_start(recording, 0), STATUS_FAILED);
	assert_contains(capture_end(),
			"cannot write recording '/dev/full': No space left on device (the events");
	assert_int_equal(recording_close(recording), STATUS_FAILED);
}

/* If a later step of the start fails, an existing recording is kept. */
static void test_not_started(void **state)
{
	struct recording *recording = create_recording(path_in(state));
	uint8_t *before, *after;
	size_t size, size_after;

	add_events(recording, WATCH_CREATED, WATCH_CLOSED);
	recording_close(recording);
	before = read_file(path_in(state), &size);
	assert_int_equal(recording_open(&recording, path_in(state), -1), STATUS_OK);
	assert_int_equal(recording_close(recording), STATUS_OK);
	after = read_file(path_in(state), &size_after);
	assert_int_equal(size_after, size);
	assert_memory_equal(after, before, size);
	/* Less than before, which must not stay behind it. */
	recording_close(create_recording(path_in(state)));
	free(after);
	after = read_file(path_in(state), &size_after);
	assert_int_equal(size_after, HEADER_SIZE);
	free(before);
	free(after);
	unlink(path_in(state));
	assert_int_equal(recording_open(&recording, path_in(state), -1), STATUS_OK);
	assert_int_equal(recording_close(recording), STATUS_OK);
	assert_int_equal(access(path_in(state), F_OK), -1);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_disk_full),
		test_of(test_pipe),
		test_of(test_not_created),
		test_of(test_not_started),
		test_of(test_not_started_on_full_disk),
	};

	return cmocka_run_group_tests_name("recording_file", tests, NULL, NULL);
}
