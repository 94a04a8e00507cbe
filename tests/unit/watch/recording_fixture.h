/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the tests of recordings: they are written to a file, and read from memory. */
#ifndef RECORDING_FIXTURE_H
#define RECORDING_FIXTURE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/exit_status.h"
#include "watch/recording.h"

#define HEADER_SIZE	  32
#define ENTRY_HEADER_SIZE 8
#define RECORD_SIZE	  (ENTRY_HEADER_SIZE + sizeof(struct watch_record))

/* What a reader was given. */
struct recording_seen {
	int64_t wall_offset_ns;
	unsigned int clocks, cgroups, records;
	uint64_t cgroup_id;
	char cgroup_path[PATH_MAX + 1];
	struct watch_record record[WATCH_EVENTS];
	unsigned int stop_after; /* records; 0: never */
};

extern struct recording_seen got;

/* It fills in got. */
extern const struct recording_reader got_reader;

/* The path of the recording in the test's directory; valid until the next call. */
const char *path_in(void *const *state);

/* Create and start a recording at path. */
struct recording *create_recording(const char *path);

/* Add a sample record of each event from the first to the last. */
void add_events(struct recording *recording, uint32_t first, uint32_t last);

/* The content of a file; to be freed. */
uint8_t *read_file(const char *path, size_t *size);

/* Fails the test unless these bytes are read as a recording without an error. */
void assert_read(const void *bytes, size_t size);

/* Fails the test unless reading these bytes ends with one message, which has this reason. */
void assert_refused(const void *bytes, size_t size, const char *why);

/* Fails the test unless got has the sample records of this many events, in their order. */
void assert_records(unsigned int count);

#endif /* RECORDING_FIXTURE_H */
