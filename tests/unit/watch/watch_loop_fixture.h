/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the tests of the watch loop: the loop with a fake watcher, a pipe as standard output, and no cgroups. Needs
 * WRAP_*_test in tests/unit/Makefile.
 */
#ifndef WATCH_LOOP_FIXTURE_H
#define WATCH_LOOP_FIXTURE_H

#include "watch/watch_loop.h"

/* What a test takes that hangs: then it is ended, and has failed. */
#define DEADLINE_S 60

/* JSON, all events; a test may change it. */
extern struct watch_options chosen;

extern struct watch_loop loop;
extern int signal_fd;

/* The other end of standard output, from stdout_pipe_start(). */
extern int reader;

/* How many lines were formatted. */
extern unsigned int formatted;

/* *state is a directory of the test's own. */
int watch_set_up(void **state);
int watch_tear_down(void **state);

/* Run the loop from start to end, as mptcp-watch does. Returns its exit status, and what it logged. */
enum exit_status watch(const char **messages);

/* The events of the printed lines, each followed by a space. Closes reader. */
const char *events_printed(void);

/* Fails the test unless watch() ends with this status, and these events were printed. */
void assert_watched(enum exit_status wanted, const char *events);

#endif /* WATCH_LOOP_FIXTURE_H */
