/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One enforcer: a process whose scope is in force, and what came of it. */
#ifndef ENFORCER_H
#define ENFORCER_H

#include <stdint.h>

#include "common/exit_status.h"
#include "force/force.h"
#include "scope.h"

struct enforcer;

/* Numbers of sockets by what became of them, indexed by enum force_counter. */
struct enforcer_counts {
	uint64_t sockets[FORCE_COUNTERS];
};

/* What in scope runs already. */
struct enforcer_running {
	uint64_t tasks;
	uint64_t processes;
};

/* Whether this kernel and this caller can enforce at all. Returns an exit status. */
enum exit_status enforcer_require(void);

/* Enter a resolved scope in the kernel; nothing is enforced yet. Returns an exit status. */
enum exit_status enforcer_open(struct enforcer **enforcer, const struct scope *scope);

/* From here on, and until enforcer_leave() or the end of this process, the scope is enforced. */
enum exit_status enforcer_activate(struct enforcer *enforcer);

/* From here on it is not. Returns 0, or -errno. */
int enforcer_leave(struct enforcer *enforcer);

/* Count the running tasks in scope; returns 0, or -errno. */
int enforcer_count_running(struct enforcer *enforcer, struct enforcer_running *running);

/* Returns 0, or -errno. Sockets are counted from enforcer_activate() on. */
int enforcer_read_counts(const struct enforcer *enforcer, struct enforcer_counts *counts);

/* A descriptor that can be read when a cgroup of the scope came or went; then call the other. */
int enforcer_events_fd(const struct enforcer *enforcer);
void enforcer_report_events(struct enforcer *enforcer);

/* The summary of one line: upgraded, left as TCP and why, bypassed. */
void enforcer_print_summary(const struct enforcer *enforcer);

void enforcer_close(struct enforcer *enforcer);

#endif /* ENFORCER_H */
