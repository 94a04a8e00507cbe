/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The BPF side of mptcp-watch: what can be probed, the filter, the records. */
#ifndef WATCHER_H
#define WATCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/exit_status.h"
#include "probes.h"
#include "watch/watch.h"

/* What to watch; all zero but events is everything. */
struct watch_filter {
	uint32_t events;		  /* bits 1 << enum watch_event */
	uint32_t netns;			  /* inode number, or 0 */
	uint16_t port;			  /* or 0 */
	uint64_t cgroup;		  /* id, or 0 */
	char cgroup_path[WATCH_PATH_LEN]; /* below the hierarchy's root; empty: not known */
	char comm[WATCH_COMM_LEN];	  /* padded with zeroes; empty: any */
	uint32_t connections;		  /* at most that many at a time; 0: the default */
	bool initial;			  /* list the connections that are open already */
};

struct watcher;

/* Called for each record; returns 0, or a negative number to stop reading. */
typedef int (*watcher_callback)(void *context, const struct watch_record *record);

/*
 * Load and attach every probe that this kernel has, with a ring buffer of that many bytes (a power
 * of two times the page size). Returns an exit status.
 */
enum exit_status watcher_open(struct watcher **watcher, const struct watch_filter *filter,
			      size_t buffer_size, watcher_callback callback, void *context);

/* Find the owners of existing sockets, and report the open connections. Returns 0 or -errno. */
int watcher_report_initial(struct watcher *watcher);

/* Readable when there are records. */
int watcher_fd(const struct watcher *watcher);

/*
 * From now on, whether watcher_fd() becomes readable only when the wakeup threshold is reached, so that
 * records are read in batches.
 */
void watcher_batch(struct watcher *watcher, bool wanted);

/* Hand all records there are to the callback; returns how many, or a negative number that it returned. */
int watcher_read(struct watcher *watcher);

/* Detach the probes: what is in the ring buffer stays to be read. */
void watcher_detach(struct watcher *watcher);

/* Events of an enum watch_event that were lost so far for an enum watch_lost_reason. */
uint64_t watcher_lost(const struct watcher *watcher, uint32_t event, uint32_t reason);

/* Calls the callback for each function whose probes the kernel may have skipped so far. */
void watcher_count_missed(const struct watcher *watcher, missed_calls_callback callback,
			  void *context);

void watcher_close(struct watcher *watcher);

#endif /* WATCHER_H */
