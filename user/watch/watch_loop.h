/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live watch: turns records from the probes into lines and entries of a recording. */
#ifndef WATCH_LOOP_H
#define WATCH_LOOP_H

#include "cgroup_names.h"
#include "printer.h"
#include "recording.h"
#include "watch_options.h"
#include "watcher.h"

struct watch_loop {
	struct watcher *watcher;
	struct recording *recording;
	struct cgroup_names *cgroups;
	struct print_context context; /* of the current record */
	struct printer printer;
	uint64_t lost_reported[WATCH_LOST_REASONS][WATCH_EVENTS];
	int signal_fd;
	int timer_fd; /* of --duration, or -1 */
	int lost_fd;  /* timer: report lost events when it expires */
	int stop_fd;  /* epoll: readable when signal_fd or timer_fd is */
};

/* Attach, log that, and list the connections that are already open. Returns an exit status. */
enum exit_status watch_loop_open(struct watch_loop *loop, const struct watch_options *chosen,
				 int signal_fd);

/* Run until a signal, the end of --duration or --count, or until the reader of standard output has gone. */
enum exit_status watch_loop_run(struct watch_loop *loop);

/* Detach, and print the records left in the ring buffer. Returns status or, if that is STATUS_OK, its own. */
enum exit_status watch_loop_finish(struct watch_loop *loop, enum exit_status status);

/* Returns status or, if that is STATUS_OK, that of closing the recording. */
enum exit_status watch_loop_close(struct watch_loop *loop, enum exit_status status);

#endif /* WATCH_LOOP_H */
