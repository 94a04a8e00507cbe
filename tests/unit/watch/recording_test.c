// SPDX-License-Identifier: GPL-2.0-or-later
/* A recording is read as it was written, and a damaged one as far as it is complete. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/fixture.h"
#include "watch/recording.h"
#include "sample_record.h"

#define HEADER_SIZE	  32
#define ENTRY_HEADER_SIZE 8
#define RECORD_SIZE	  (ENTRY_HEADER_SIZE + sizeof(struct watch_record))
#define CGROUP_ID	  UINT64_C(0x123456789abc)
#define CGROUP_PATH	  "/app.slice/\xff"
#define CGROUP_SIZE	  (ENTRY_HEADER_SIZE + sizeof(uint64_t) + strlen(CGROUP_PATH))

/* Where in the header, and in that of an entry. */
#define BYTE_ORDER_OFFSET  8
#define ABI_OFFSET	   12
#define RECORD_SIZE_OFFSET 24
#define KIND_OFFSET	   0
#define LENGTH_OFFSET	   4

/* What a reader was given. */
static struct {
	int64_t wall_offset_ns;
	unsigned int clocks, cgroups, records;
	uint64_t cgroup_id;
	char cgroup_path[PATH_MAX + 1];
	struct watch_record record[WATCH_EVENTS];
	unsigned int stop_after; /* records; 0: never */
} got;

static void take_clock(void *context, int64_t wall_offset_ns)
{
	assert_ptr_equal(context, &got);
	got.clocks++;
	got.wall_offset_ns = wall_offset_ns;
}

static void take_cgroup(void *context, uint64_t id, const char *path)
{
	assert_ptr_equal(context, &got);
	got.cgroups++;
	got.cgroup_id = id;
	snprintf(got.cgroup_path, sizeof(got.cgroup_path), "%s", path);
}

static int take_record(void *context, const struct watch_record *record)
{
	assert_ptr_equal(context, &got);
	got.record[got.records++] = *record;
	return got.records == got.stop_after;
}

static const struct recording_reader reader = { &got, take_clock, take_cgroup, take_record };

static const char *path_in(void *const *state)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/recording", (const char *)*state);
	return path;
}

/* Read size bytes as the recording 'it'; returns the messages. */
static const char *read_bytes(const void *bytes, size_t size, enum exit_status *status)
{
	unsigned int stop_after = got.stop_after;
	FILE *file = fmemopen((void *)bytes, size, "r");

	assert_non_null(file);
	memset(&got, 0, sizeof(got));
	got.stop_after = stop_after;
	capture_start();
	*status = recording_read(file, "'it'", &reader);
	fclose(file);
	return capture_end();
}

static void assert_read(const void *bytes, size_t size)
{
	enum exit_status status;

	assert_string_equal(read_bytes(bytes, size, &status), "");
	assert_int_equal(status, STATUS_OK);
}

static void assert_refused(const void *bytes, size_t size, const char *why)
{
	enum exit_status status;
	const char *printed = read_bytes(bytes, size, &status);

	assert_contains(printed, "cannot replay 'it': ");
	assert_contains(printed, why);
	assert_ptr_equal(strchr(printed, '\n'), printed + strlen(printed) - 1);
	assert_int_equal(status, STATUS_FAILED);
}

/* What is in the file; to be freed. */
static uint8_t *slurp(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	uint8_t *bytes = malloc(65536);

	assert_non_null(file);
	assert_non_null(bytes);
	*size = fread(bytes, 1, 65536, file);
	fclose(file);
	return bytes;
}

static struct recording *create(const char *path)
{
	struct recording *recording = NULL;

	assert_int_equal(recording_open(&recording, path, -1), STATUS_OK);
	assert_non_null(recording);
	assert_int_equal(recording_start(recording, SAMPLE_WALL_OFFSET_NS), STATUS_OK);
	return recording;
}

static void add_events(struct recording *recording, uint32_t first, uint32_t last)
{
	struct watch_record record;
	uint32_t event;

	for (event = first; event <= last; event++) {
		record = sample_record(event);
		recording_add(recording, &record);
	}
}

/* A cgroup and a record of each event; to be freed. */
static uint8_t *make_recording(void *const *state, size_t *size)
{
	struct recording *recording = create(path_in(state));

	recording_add_cgroup(recording, CGROUP_ID, CGROUP_PATH);
	add_events(recording, 1, WATCH_EVENTS - 1);
	assert_int_equal(recording_close(recording), STATUS_OK);
	return slurp(path_in(state), size);
}

static void assert_records(unsigned int count)
{
	struct watch_record wanted;
	unsigned int i;

	assert_int_equal(got.records, count);
	for (i = 0; i < count; i++) {
		wanted = sample_record(i + 1);
		assert_memory_equal(&got.record[i], &wanted, sizeof(wanted));
	}
}

static void test_round_trip(void **state)
{
	uint8_t *bytes;
	size_t size;

	bytes = make_recording(state, &size);
	assert_int_equal(size, HEADER_SIZE + CGROUP_SIZE + (WATCH_EVENTS - 1) * RECORD_SIZE);
	assert_read(bytes, size);
	assert_int_equal(got.wall_offset_ns, SAMPLE_WALL_OFFSET_NS);
	assert_int_equal(got.cgroups, 1);
	assert_int_equal(got.cgroup_id, CGROUP_ID);
	assert_string_equal(got.cgroup_path, CGROUP_PATH);
	assert_records(WATCH_EVENTS - 1);
	/* One that has seen nothing yet. */
	assert_read(bytes, HEADER_SIZE);
	assert_records(0);
	free(bytes);
}

static void test_stop(void **state)
{
	uint8_t *bytes;
	size_t size;

	bytes = make_recording(state, &size);
	got.stop_after = 2;
	/* What is wrong after that is not looked at. */
	assert_read(bytes, size - 1);
	got.stop_after = 0;
	assert_records(2);
	free(bytes);
}

static void test_longest_cgroup(void **state)
{
	struct recording *recording = create(path_in(state));
	char path[PATH_MAX + 2];
	uint8_t *bytes;
	size_t size;

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	recording_add_cgroup(recording, CGROUP_ID, path);
	assert_int_equal(recording_close(recording), STATUS_OK);
	bytes = slurp(path_in(state), &size);
	assert_read(bytes, size);
	assert_int_equal(strlen(got.cgroup_path), PATH_MAX);
	free(bytes);
}

/* Cut anywhere: complete entries are delivered, and the error is reported. */
static void test_cut(void **state)
{
	size_t size, length, rest;
	uint8_t *bytes;

	bytes = make_recording(state, &size);
	assert_refused(bytes, 0, "it is empty");
	for (length = 1; length < 8; length++)
		assert_refused(bytes, length, "it is not a recording of mptcp-watch");
	for (; length < HEADER_SIZE; length++)
		assert_refused(bytes, length, "it is truncated: its header is incomplete");
	for (; length < HEADER_SIZE + CGROUP_SIZE; length++) {
		if (length == HEADER_SIZE)
			assert_read(bytes, length);
		else
			assert_refused(bytes, length,
				       "it is truncated: its last entry is incomplete");
		assert_int_equal(got.cgroups, 0);
	}
	for (; length < size; length++) {
		rest = length - HEADER_SIZE - CGROUP_SIZE;
		if (rest % RECORD_SIZE == 0)
			assert_read(bytes, length);
		else
			assert_refused(bytes, length,
				       "it is truncated: its last entry is incomplete");
		assert_int_equal(got.cgroups, 1);
		assert_records((unsigned int)(rest / RECORD_SIZE));
	}
	free(bytes);
}

static void put(uint8_t *bytes, size_t offset, uint32_t number)
{
	memcpy(bytes + offset, &number, sizeof(number));
}

static void test_other_header(void **state)
{
	static const struct {
		size_t offset;
		uint32_t number;
		const char *why;
	} cases[] = {
		{ 0, 0, "it is not a recording of mptcp-watch" },
		{ BYTE_ORDER_OFFSET, 0x04030201,
		  "with the opposite byte order (replay it on such a machine)" },
		{ BYTE_ORDER_OFFSET, 0x01020305, "its header is damaged" },
		{ ABI_OFFSET, WATCH_ABI + 1,
		  "it has format 3, but this mptcp-watch reads format 2 (replay it with the version "
		  "that recorded it)" },
		{ ABI_OFFSET, 0, "it has format 0" },
		{ RECORD_SIZE_OFFSET, sizeof(struct watch_record) + 8, "it has format 2, but" },
	};
	uint8_t *bytes, kept[4];
	size_t size, i;

	bytes = make_recording(state, &size);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(kept, bytes + cases[i].offset, sizeof(kept));
		put(bytes, cases[i].offset, cases[i].number);
		assert_refused(bytes, size, cases[i].why);
		assert_records(0);
		memcpy(bytes + cases[i].offset, kept, sizeof(kept));
	}
	assert_read(bytes, size);
	free(bytes);
}

/* In the second record: the first is handed out. */
static void test_damaged(void **state)
{
	static const char entry[] = "it is damaged: an entry has an unknown kind or a wrong length";
	static const char record[] = "it is damaged: a record has an unknown event or a wrong size";
	static const struct {
		size_t offset;
		uint32_t number;
		const char *why;
	} cases[] = {
		{ KIND_OFFSET, 0, entry },
		{ KIND_OFFSET, 3, entry },
		{ LENGTH_OFFSET, 0, entry },
		{ LENGTH_OFFSET, sizeof(struct watch_record) - 1, entry },
		{ LENGTH_OFFSET, sizeof(struct watch_record) + 1, entry },
		{ LENGTH_OFFSET, UINT32_MAX, entry },
		{ ENTRY_HEADER_SIZE, 0, record },
		{ ENTRY_HEADER_SIZE, WATCH_EVENTS, record },
		{ ENTRY_HEADER_SIZE + 4, 0, record },
		{ ENTRY_HEADER_SIZE + 4, sizeof(struct watch_record) + 1, record },
	};
	const size_t second = HEADER_SIZE + CGROUP_SIZE + RECORD_SIZE;
	uint8_t *bytes, kept[4];
	size_t size, i;

	bytes = make_recording(state, &size);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(kept, bytes + second + cases[i].offset, sizeof(kept));
		put(bytes, second + cases[i].offset, cases[i].number);
		assert_refused(bytes, size, cases[i].why);
		assert_records(1);
		memcpy(bytes + second + cases[i].offset, kept, sizeof(kept));
	}
	assert_read(bytes, size);
	free(bytes);
}

static void test_damaged_cgroup(void **state)
{
	static const uint32_t lengths[] = { 0, 7, 8, 8 + PATH_MAX + 1, UINT32_MAX };
	uint8_t *bytes;
	size_t size, i;

	bytes = make_recording(state, &size);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		put(bytes, HEADER_SIZE + LENGTH_OFFSET, lengths[i]);
		assert_refused(bytes, size, "an entry has an unknown kind or a wrong length");
		assert_int_equal(got.cgroups, 0);
	}
	free(bytes);
}

static ssize_t fail_to_read(void *cookie, char *buffer, size_t size)
{
	int *good = cookie;
	ssize_t count = *good < (int)size ? *good : (int)size;

	(void)buffer;
	if (!count) {
		errno = EIO;
		return -1;
	}
	memcpy(buffer, "MPTCPWAT", 8);
	*good = 0;
	return 8;
}

/* A read error is reported as one, not taken for the end. */
static void test_read_error(void **state)
{
	const cookie_io_functions_t functions = { .read = fail_to_read };
	static const int lengths[] = { 0, 8 };
	enum exit_status status;
	FILE *file;
	int good;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		good = lengths[i];
		file = fopencookie(&good, "r", functions);
		assert_non_null(file);
		capture_start();
		status = recording_read(file, "'it'", &reader);
		assert_contains(capture_end(), "cannot replay 'it': Input/output error\n");
		assert_int_equal(status, STATUS_FAILED);
		fclose(file);
	}
}

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
	struct recording *recording = create(path);
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
	bytes = slurp(path, &size);
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

/* The clock was set in the middle: what is read has it from there on. */
static void test_clock(void **state)
{
	struct recording *recording = create(path_in(state));
	uint8_t *bytes;
	size_t size;

	recording_add_clock(recording, -5);
	add_events(recording, WATCH_CREATED, WATCH_CREATED);
	assert_int_equal(recording_close(recording), STATUS_OK);
	bytes = slurp(path_in(state), &size);
	assert_read(bytes, size);
	assert_int_equal(got.clocks, 2);
	assert_int_equal(got.wall_offset_ns, -5);
	assert_int_equal(got.records, 1);
	bytes[HEADER_SIZE + LENGTH_OFFSET]++;
	assert_refused(bytes, size,
		       "it is damaged: an entry has an unknown kind or a wrong length");
	free(bytes);
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
	struct recording *recording = create(path_in(state));
	uint8_t *before, *after;
	size_t size, size_after;

	add_events(recording, WATCH_CREATED, WATCH_CLOSED);
	recording_close(recording);
	before = slurp(path_in(state), &size);
	assert_int_equal(recording_open(&recording, path_in(state), -1), STATUS_OK);
	assert_int_equal(recording_close(recording), STATUS_OK);
	after = slurp(path_in(state), &size_after);
	assert_int_equal(size_after, size);
	assert_memory_equal(after, before, size);
	/* Less than before, which must not stay behind it. */
	recording_close(create(path_in(state)));
	free(after);
	after = slurp(path_in(state), &size_after);
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
		test_of(test_round_trip),     test_of(test_stop),
		test_of(test_longest_cgroup), test_of(test_cut),
		test_of(test_other_header),   test_of(test_damaged),
		test_of(test_damaged_cgroup), test_of(test_read_error),
		test_of(test_disk_full),      test_of(test_not_created),
		test_of(test_clock),	      test_of(test_pipe),
		test_of(test_not_started),    test_of(test_not_started_on_full_disk),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
