/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recordings of events, which can be printed later, elsewhere, and without root. A header, then entries with
 * their kind and length: records as the kernel emitted them; paths of cgroups, each before the first record that
 * needs it; and changes of the wall clock.
 */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdint.h>
#include <stdio.h>

#include "common/exit_status.h"
#include "watch/watch.h"

struct recording;

/*
 * Open the file for writing, and create it if it does not exist. Its content is kept until recording_start().
 * signal_fd interrupts a wait for the reader of a pipe; -1: nothing does.
 * Returns an exit status.
 */
enum exit_status recording_open(struct recording **recording, const char *path, int signal_fd);

/* Replace the content of the file. wall_offset_ns is CLOCK_REALTIME minus CLOCK_MONOTONIC. */
enum exit_status recording_start(struct recording *recording, int64_t wall_offset_ns);

/* Append. After an error, which is logged, the file ends with the last complete entry, and nothing is added. */
void recording_add(struct recording *recording, const struct watch_record *record);
void recording_add_cgroup(struct recording *recording, uint64_t id, const char *path);
void recording_add_clock(struct recording *recording, int64_t wall_offset_ns);

/* From now on, no signal interrupts a wait. Instead, a pipe that takes nothing for patience_ms is an error. */
void recording_hurry(struct recording *recording, int patience_ms);

/* STATUS_OK, unless there was an error. */
enum exit_status recording_status(const struct recording *recording);

/*
 * Close the file, and remove it if recording_open() created it and recording_start() was not called. Returns
 * recording_status(), or STATUS_FAILED if closing fails. recording may be NULL.
 */
enum exit_status recording_close(struct recording *recording);

/* The callbacks of recording_read(). path is NUL-terminated and has at most PATH_MAX bytes. */
struct recording_reader {
	void *context;
	/* Called first, and again for each change of the clock. */
	void (*clock)(void *context, int64_t wall_offset_ns);
	void (*cgroup)(void *context, uint64_t id, const char *path);
	/* Returns 0, or anything else to stop reading. */
	int (*record)(void *context, const struct watch_record *record);
};

/*
 * Read the whole recording. name is for messages: a path in quotes, or "standard input". Complete entries are
 * passed to the reader before an error is logged.
 */
enum exit_status recording_read(FILE *file, const char *name,
				const struct recording_reader *reader);

#endif /* RECORDING_H */
