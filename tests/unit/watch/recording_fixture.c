// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fixture.h"
#include "recording_fixture.h"
#include "sample_record.h"

struct recording_seen got;

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

const struct recording_reader got_reader = { &got, take_clock, take_cgroup, take_record };

const char *path_in(void *const *state)
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
	*status = recording_read(file, "'it'", &got_reader);
	fclose(file);
	return capture_end();
}

void assert_read(const void *bytes, size_t size)
{
	enum exit_status status;

	assert_string_equal(read_bytes(bytes, size, &status), "");
	assert_int_equal(status, STATUS_OK);
}

void assert_refused(const void *bytes, size_t size, const char *why)
{
	enum exit_status status;
	const char *printed = read_bytes(bytes, size, &status);

	assert_contains(printed, "cannot replay 'it': ");
	assert_contains(printed, why);
	assert_ptr_equal(strchr(printed, '\n'), printed + strlen(printed) - 1);
	assert_int_equal(status, STATUS_FAILED);
}

uint8_t *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	uint8_t *bytes = malloc(65536);

	assert_non_null(file);
	assert_non_null(bytes);
	*size = fread(bytes, 1, 65536, file);
	fclose(file);
	return bytes;
}

struct recording *create_recording(const char *path)
{
	struct recording *recording = NULL;

	assert_int_equal(recording_open(&recording, path, -1), STATUS_OK);
	assert_non_null(recording);
	assert_int_equal(recording_start(recording, SAMPLE_WALL_OFFSET_NS), STATUS_OK);
	return recording;
}

void add_events(struct recording *recording, uint32_t first, uint32_t last)
{
	struct watch_record record;
	uint32_t event;

	for (event = first; event <= last; event++) {
		record = sample_record(event);
		recording_add(recording, &record);
	}
}

void assert_records(unsigned int count)
{
	struct watch_record wanted;
	unsigned int i;

	assert_int_equal(got.records, count);
	for (i = 0; i < count; i++) {
		wanted = sample_record(i + 1);
		assert_memory_equal(&got.record[i], &wanted, sizeof(wanted));
	}
}
