// SPDX-License-Identifier: GPL-2.0-or-later
/* A recording is read as it was written, and a damaged one as far as it is complete. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fixture.h"
#include "recording_fixture.h"
#include "sample_record.h"

#define CGROUP_ID   UINT64_C(0x123456789abc)
#define CGROUP_PATH "/app.slice/\xff"
#define CGROUP_SIZE (ENTRY_HEADER_SIZE + sizeof(uint64_t) + strlen(CGROUP_PATH))

/* Where in the header, and in that of an entry. */
#define BYTE_ORDER_OFFSET  8
#define ABI_OFFSET	   12
#define RECORD_SIZE_OFFSET 24
#define KIND_OFFSET	   0
#define LENGTH_OFFSET	   4

/* A cgroup and a record of each event; to be freed. */
static uint8_t *make_recording(void *const *state, size_t *size)
{
	struct recording *recording = create_recording(path_in(state));

	recording_add_cgroup(recording, CGROUP_ID, CGROUP_PATH);
	add_events(recording, 1, WATCH_EVENTS - 1);
	assert_int_equal(recording_close(recording), STATUS_OK);
	return read_file(path_in(state), size);
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
	struct recording *recording = create_recording(path_in(state));
	char path[PATH_MAX + 2];
	uint8_t *bytes;
	size_t size;

	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	recording_add_cgroup(recording, CGROUP_ID, path);
	assert_int_equal(recording_close(recording), STATUS_OK);
	bytes = read_file(path_in(state), &size);
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
		  "it has format 4, but this mptcp-watch reads format 3 (replay it with the version "
		  "that recorded it)" },
		{ ABI_OFFSET, 0, "it has format 0" },
		{ RECORD_SIZE_OFFSET, sizeof(struct watch_record) + 8, "it has format 3, but" },
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
		status = recording_read(file, "'it'", &got_reader);
		assert_contains(capture_end(), "cannot replay 'it': Input/output error\n");
		assert_int_equal(status, STATUS_FAILED);
		fclose(file);
	}
}

/* The clock was set in the middle: what is read has it from there on. */
static void test_clock(void **state)
{
	struct recording *recording = create_recording(path_in(state));
	uint8_t *bytes;
	size_t size;

	recording_add_clock(recording, -5);
	add_events(recording, WATCH_CREATED, WATCH_CREATED);
	assert_int_equal(recording_close(recording), STATUS_OK);
	bytes = read_file(path_in(state), &size);
	assert_read(bytes, size);
	assert_int_equal(got.clocks, 2);
	assert_int_equal(got.wall_offset_ns, -5);
	assert_int_equal(got.records, 1);
	bytes[HEADER_SIZE + LENGTH_OFFSET]++;
	assert_refused(bytes, size,
		       "it is damaged: an entry has an unknown kind or a wrong length");
	free(bytes);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_round_trip),     test_of(test_stop),
		test_of(test_longest_cgroup), test_of(test_cut),
		test_of(test_other_header),   test_of(test_damaged),
		test_of(test_damaged_cgroup), test_of(test_read_error),
		test_of(test_clock),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
