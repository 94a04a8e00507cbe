/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The BPF side of mptcp-watch: loads and attaches the probes, sets the filter, and reads the records. */
#ifndef WATCHER_H
#define WATCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/exit_status.h"
#include "probes.h"
#include "watch/watch.h"

/* What to watch. Everything is watched if all bits of events are set and the rest is zero. */
struct watch_filter {
	uint32_t events;		  /* bits 1 << enum watch_event */
	uint32_t netns;			  /* inode number, or 0 */
	uint16_t port;			  /* or 0 */
	uint64_t cgroup;		  /* id; 0: any, or one that does not exist yet */
	char cgroup_path[WATCH_PATH_LEN]; /* relative to the hierarchy's root; empty: unknown */
	char comm[WATCH_COMM_LEN];	  /* padded with zeros; empty: any */
	uint32_t connections;		  /* to track at a time; 0: the default */
	bool initial;			  /* list connections that are already open */
};

struct watcher;

/* Called for each record; returns 0, or a negative number to stop reading. */
typedef int (*watcher_callback)(void *context, const struct watch_record *record);

/*
 * Load and attach the probes that the events need, with a ring buffer of that many bytes (a power of two times
 * the page size). Returns an exit status.
 */
enum exit_status watcher_open(struct watcher **watcher, const struct watch_filter *filter,
			      size_t buffer_size, watcher_callback callback, void *context);

/* Replace the cgroup of the filter, unless the kernel has already found that it was created, or re-created. */
void watcher_set_cgroup(struct watcher *watcher, uint64_t from, uint64_t to);

/* Find the owners of existing sockets, and report the open connections. Returns 0 or -errno. */
int watcher_report_initial(struct watcher *watcher);

/* A descriptor that is readable when there are records. */
int watcher_fd(const struct watcher *watcher);

/*
 * Choose whether watcher_fd() becomes readable only at the wakeup threshold, so that records are read in
 * batches.
 */
void watcher_batch(struct watcher *watcher, bool wanted);

/* Pass all available records to the callback. Returns how many, or the callback's negative result. */
int watcher_read(struct watcher *watcher);

/* Detach the probes. The ring buffer can still be read. */
void watcher_detach(struct watcher *watcher);

/*
 * Find out for how many events the kernel may have skipped the probes so far. watcher_lost() returns
 * them for WATCH_LOST_PROBE_SKIPPED.
 */
void watcher_count_skipped(struct watcher *watcher);

/* How many events of an enum watch_event were lost so far, by enum watch_lost_reason. */
uint64_t watcher_lost(const struct watcher *watcher, uint32_t event, uint32_t reason);

/* See probes_count_missed(). */
void watcher_count_missed(const struct watcher *watcher, missed_calls_callback callback,
			  void *context);

void watcher_close(struct watcher *watcher);

#endif /* WATCHER_H */
