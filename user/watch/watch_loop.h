/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live watch: records from the probes, lines and entries of a recording from them, until it ends. */
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
	struct print_context context; /* of the record at hand */
	struct printer printer;
	uint64_t lost_reported[WATCH_LOST_REASONS][WATCH_EVENTS];
	int signal_fd;
	int timer_fd; /* of --duration, or -1 */
	int lost_fd;  /* timer: time to report lost events */
	int stop_fd;  /* readable when a signal came, or that timer has expired */
};

/* Attach, say so, list what is open already. Returns an exit status. */
enum exit_status watch_loop_open(struct watch_loop *loop, const struct watch_options *chosen,
				 int signal_fd);

/* Until a signal, --duration, --count, or the reader of standard output has enough. */
enum exit_status watch_loop_run(struct watch_loop *loop);

/* Detach, and print what is still in the ring buffer. Returns status, or what is worse. */
enum exit_status watch_loop_finish(struct watch_loop *loop, enum exit_status status);

/* Returns status, or what is worse: a recording that could not be completed. */
enum exit_status watch_loop_close(struct watch_loop *loop, enum exit_status status);

#endif /* WATCH_LOOP_H */
