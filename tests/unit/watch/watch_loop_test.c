// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop of mptcp-watch, with a ring buffer that has what the test put in: who ends it, and how. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "common/fixture.h"
#include "sample_record.h"
#include "stdout_pipe.h"
#include "watch/watch_loop.h"

/* The kernel's side. */
static struct {
	watcher_callback callback;
	void *context;
	int fd;
	uint32_t initial;     /* event that is open already, or 0 */
	uint32_t records[32]; /* events in the ring buffer */
	unsigned int count;
	uint64_t lost[WATCH_LOST_REASONS][WATCH_EVENTS];
	bool skipped_counted; /* before lost is read */
	struct missed_calls missed[2];
	int error;  /* of reading */
	int signal; /* that comes while the ring buffer is read */
	bool opened;
	unsigned int last; /* records that come while detaching, one more than that */
} kernel;

static struct watch_options chosen;
static struct watch_loop loop;
static sigset_t ending;
static int signal_fd, reader;

enum exit_status watcher_open(struct watcher **watcher, const struct watch_filter *filter,
			      size_t buffer_size, watcher_callback callback, void *context)
{
	(void)filter;
	(void)buffer_size;
	*watcher = NULL;
	kernel.opened = true;
	kernel.callback = callback;
	kernel.context = context;
	return STATUS_OK;
}

static void submit(uint32_t event)
{
	kernel.records[kernel.count++] = event;
	eventfd_write(kernel.fd, 1);
}

static int hand_out(uint32_t event)
{
	const struct watch_record record = sample_record(event);

	return kernel.callback(kernel.context, &record);
}

int watcher_report_initial(struct watcher *watcher)
{
	(void)watcher;
	return kernel.initial ? hand_out(kernel.initial) : 0;
}

int watcher_fd(const struct watcher *watcher)
{
	(void)watcher;
	return kernel.fd;
}

void watcher_batch(struct watcher *watcher, bool wanted)
{
	(void)watcher;
	(void)wanted;
}

int watcher_read(struct watcher *watcher)
{
	unsigned int i, read = kernel.count;
	eventfd_t count;

	(void)watcher;
	if (kernel.count)
		eventfd_read(kernel.fd, &count);
	for (i = 0; i < kernel.count; i++)
		assert_int_equal(hand_out(kernel.records[i]), 0);
	kernel.count = 0;
	if (kernel.signal)
		raise(kernel.signal);
	kernel.signal = 0;
	return kernel.error ? kernel.error : (int)read;
}

/* What came after the last reading is still to be read. */
void watcher_detach(struct watcher *watcher)
{
	unsigned int i;

	(void)watcher;
	for (i = 0; i <= kernel.last; i++)
		submit(WATCH_CLOSED);
}

void watcher_count_skipped(struct watcher *watcher)
{
	(void)watcher;
	kernel.skipped_counted = true;
}

uint64_t watcher_lost(const struct watcher *watcher, uint32_t event, uint32_t reason)
{
	(void)watcher;
	return kernel.lost[reason][event];
}

void watcher_count_missed(const struct watcher *watcher, missed_calls_callback callback,
			  void *context)
{
	size_t i;

	(void)watcher;
	for (i = 0; i < sizeof(kernel.missed) / sizeof(kernel.missed[0]); i++) {
		if (kernel.missed[i].calls)
			callback(context, &kernel.missed[i]);
	}
}

void watcher_close(struct watcher *watcher)
{
	(void)watcher;
}

int __wrap_cgroup_find_mount(struct cgroup_mount *mount);

/* No cgroup is found but the root of all, which no sample is in. */
int __wrap_cgroup_find_mount(struct cgroup_mount *mount)
{
	(void)mount;
	return -1;
}

static unsigned int formatted;

void __real_event_json(struct strbuf *lines, const struct watch_record *record,
		       const struct print_context *context);
void __wrap_event_json(struct strbuf *lines, const struct watch_record *record,
		       const struct print_context *context);

void __wrap_event_json(struct strbuf *lines, const struct watch_record *record,
		       const struct print_context *context)
{
	formatted++;
	__real_event_json(lines, record, context);
}

static int set_up(void **state)
{
	int err = make_directory(state);

	memset(&kernel, 0, sizeof(kernel));
	formatted = 0;
	kernel.fd = eventfd(0, EFD_CLOEXEC);
	loop = (struct watch_loop){ 0 };
	chosen = (struct watch_options){ .json = true, .filter.events = ~0U };
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal_fd = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	return err;
}

static int tear_down(void **state)
{
	close(signal_fd);
	close(kernel.fd);
	return remove_directory(state);
}

/* All of it, as mptcp-watch does; returns the exit status, and what went to standard error. */
static enum exit_status watch(const char **messages)
{
	enum exit_status status;

	capture_start();
	status = watch_loop_open(&loop, &chosen, signal_fd);
	if (!status) {
		status = watch_loop_run(&loop);
		/* Ends the test when the signal that ended the loop is still there. */
		sigprocmask(SIG_UNBLOCK, &ending, NULL);
		status = watch_loop_finish(&loop, status);
	}
	status = watch_loop_close(&loop, status);
	*messages = capture_end();
	stdout_pipe_end();
	return status;
}

/* The events of the lines that were printed, each with a space behind it. */
static const char *events_printed(void)
{
	static char events[1024];
	const char *line = stdout_pipe_read(reader), *end;
	size_t length = 0;

	events[0] = '\0';
	while ((line = strstr(line, "\"event\":\""))) {
		line += strlen("\"event\":\"");
		end = strchr(line, '"');
		assert_non_null(end);
		length += (size_t)snprintf(events + length, sizeof(events) - length, "%.*s ",
					   (int)(end - line), line);
	}
	close(reader);
	return events;
}

static void assert_watched(enum exit_status wanted, const char *events)
{
	enum exit_status status;
	const char *messages;

	status = watch(&messages);
	assert_int_equal(status, wanted);
	if (wanted == STATUS_OK)
		assert_string_equal(messages, "watching MPTCP\n");
	assert_string_equal(events_printed(), events);
}

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

/* What a test takes that hangs: then it is ended, and has failed. */
#define DEADLINE_S 60

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

#define test_of(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
		test_of(test_recording),
		test_of(test_recording_alone),
		test_of(test_bad_recording),
		test_of(test_recording_to_stuck_pipe),
		test_of(test_recording_on_full_disk),
	};

	return cmocka_run_group_tests_name("watch_loop", tests, NULL, NULL);
}
