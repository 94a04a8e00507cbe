/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recordings: what mptcp-watch saw, to be printed again later, elsewhere, without root. A header,
 * then entries, each with its kind and length: records as they came from the kernel, the paths of
 * cgroups, each before the first record that needs it, and the wall clock where it was set.
 */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdint.h>
#include <stdio.h>

#include "common/exit_status.h"
#include "watch/watch.h"

struct recording;

/*
 * Find out whether the file can be written, and create it if it does not exist; what is in it stays
 * until recording_start(). signal_fd interrupts the wait for the reader of a pipe; -1: nothing does.
 * Returns an exit status.
 */
enum exit_status recording_open(struct recording **recording, const char *path, int signal_fd);

/* Replace what is in the file. wall_offset_ns is CLOCK_REALTIME less CLOCK_MONOTONIC. */
enum exit_status recording_start(struct recording *recording, int64_t wall_offset_ns);

/*
 * Append. After an error, which is logged, the file ends with the last entry that fitted, for good.
 */
void recording_add(struct recording *recording, const struct watch_record *record);
void recording_add_cgroup(struct recording *recording, uint64_t id, const char *path);
void recording_add_clock(struct recording *recording, int64_t wall_offset_ns);

/* From now on no signal interrupts, but a pipe whose reader takes nothing for patience_ms is an error. */
void recording_hurry(struct recording *recording, int patience_ms);

/* STATUS_OK as long as there was no error. */
enum exit_status recording_status(const struct recording *recording);

/*
 * Returns what recording_status() does, or what closing adds to it. A file that recording_open()
 * created is removed when nothing was started. NULL is fine.
 */
enum exit_status recording_close(struct recording *recording);

/* What recording_read() calls. path is NUL-terminated and at most PATH_MAX long. */
struct recording_reader {
	void *context;
	/* First of all, and again where the clock was set. */
	void (*clock)(void *context, int64_t wall_offset_ns);
	void (*cgroup)(void *context, uint64_t id, const char *path);
	/* Returns 0, or anything else to stop reading. */
	int (*record)(void *context, const struct watch_record *record);
};

/*
 * Read all of it; name is for messages, in quotes if it is a path. What is complete is handed out before an
 * error is logged.
 */
enum exit_status recording_read(FILE *file, const char *name,
				const struct recording_reader *reader);

#endif /* RECORDING_H */
