/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An enforcer: a process whose scope is in force, and its counters. */
#ifndef ENFORCER_H
#define ENFORCER_H

#include <stdbool.h>
#include <stdint.h>

#include "attachment.h"
#include "cgroup_programs.h"
#include "common/exit_status.h"
#include "force/force.h"
#include "scope.h"

struct enforcer;

/* Numbers of sockets and connections, indexed by enum force_counter. */
struct enforcer_counts {
	uint64_t sockets[FORCE_COUNTERS];
	uint64_t missed; /* calls of the hook that the kernel skipped, for any task of this host */
	bool io_uring_counted, connections_counted;
};

/* What is already running in scope. */
struct enforcer_running {
	uint64_t tasks;
	uint64_t processes;
};

/* Check the requirements, and attach to the kernel. Nothing is enforced yet. Returns an exit status. */
enum exit_status enforcer_open(struct enforcer **enforcer);

/* The same with an attachment of the caller's, which it takes, also after an error. Returns an exit status. */
enum exit_status enforcer_open_on(struct attachment *attachment, struct enforcer **enforcer);

/* Whether tasks in scope can be restricted by Landlock and not be recognized. */
bool enforcer_landlock_unknown(const struct enforcer *enforcer);

/* From now on, follow the cgroups of a resolved scope if they are re-created. Returns an exit status. */
enum exit_status enforcer_follow(struct enforcer *enforcer, const struct scope *scope);

/* Enter all rules of a resolved scope. Returns an exit status. */
enum exit_status enforcer_enter(struct enforcer *enforcer, const struct scope *scope);

/* From now on, enforce the scope, until enforcer_leave() or the end of this process. Returns an exit status. */
enum exit_status enforcer_activate(struct enforcer *enforcer, enum force_target target);

/*
 * The same, but the enforcement does not end with this process: it lasts as long as the map of a struct
 * force_pinned says so, and is pinned or open. In the same instant, the persistent enforcer with the identity
 * 'replaced' ends, unless it is 0. Returns 0, or -errno.
 */
int enforcer_persist(struct enforcer *enforcer, enum force_target target, int pinned_map,
		     uint64_t replaced);

/* What there is to pin for that. */
const struct attachment *enforcer_attachment(const struct enforcer *enforcer);
const struct cgroup_programs *enforcer_cgroup_programs(const struct enforcer *enforcer);
uint64_t enforcer_identity(const struct enforcer *enforcer);
const struct enforcer_counts *enforcer_counts_before(const struct enforcer *enforcer);

/* Stop enforcing. Returns 0, or -errno. */
int enforcer_leave(struct enforcer *enforcer);

/* Bits of enum force_option; before enforcer_activate(). Returns an exit status. */
enum exit_status enforcer_set_options(struct enforcer *enforcer, unsigned int options);

/*
 * Attach the programs that see sockets of the scope, from before it is enforced until this process leaves.
 * What cannot be attached is logged.
 */
void enforcer_attach_to_cgroups(struct enforcer *enforcer, const struct scope *scope);

/* Count the running tasks in scope; returns 0, or -errno. */
int enforcer_count_running(struct enforcer *enforcer, struct enforcer_running *running);

/* Counted from enforcer_activate() on. Returns an exit status. */
enum exit_status enforcer_read_counts(const struct enforcer *enforcer,
				      struct enforcer_counts *counts);

/* Log the programs that it left on TCP because of a socket option. */
void enforcer_log_opted_out(const struct enforcer *enforcer);

/*
 * A descriptor that is readable when a cgroup of the scope was removed or re-created, or a socket option is to
 * be set on subflows, and what handles that.
 */
int enforcer_events_fd(const struct enforcer *enforcer);
void enforcer_report_events(struct enforcer *enforcer);

void enforcer_close(struct enforcer *enforcer);

#endif /* ENFORCER_H */
