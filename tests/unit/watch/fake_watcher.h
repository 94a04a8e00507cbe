/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of user/watch/watcher.c: a ring buffer that contains what the test puts in. */
#ifndef FAKE_WATCHER_H
#define FAKE_WATCHER_H

#include <stdbool.h>
#include <stdint.h>

#include "watch/watcher.h"

/* The kernel's side. */
struct fake_kernel {
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
};

extern struct fake_kernel kernel;

/* Put a sample record of that event into the ring buffer. */
void submit(uint32_t event);

#endif /* FAKE_WATCHER_H */
