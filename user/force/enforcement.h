/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the foreground form and 'run' share: from a scope to the line "enforcing ...". */
#ifndef ENFORCEMENT_H
#define ENFORCEMENT_H

#include "enforcer.h"
#include "common/exit_status.h"
#include "policy.h"
#include "scope.h"

/*
 * Enforce a resolved scope, and notify the user and the service manager once it is in force. Returns an exit
 * status.
 */
enum exit_status enforcement_start(struct enforcer *enforcer, struct scope *scope,
				   const struct policy *policy);

/* Its steps: all before the scope is in force; 'running' is what runs in it already. Returns an exit status. */
enum exit_status enforcement_prepare(struct enforcer *enforcer, struct scope *scope,
				     const struct policy *policy, struct enforcer_running *running);

/* ... what is printed once it is; 'until' follows the scope. */
void enforcement_announce(const struct scope *scope, const struct policy *policy,
			  const struct enforcer_running *running, const char *until);

/* ... and those that an audit takes, too: enter a resolved scope. Returns an exit status. */
enum exit_status enforcement_enter(struct enforcer *enforcer, struct scope *scope);

/* Notify the service manager that this process is ready. */
void enforcement_notify(void);

/* End it, and print the summary. */
void enforcement_stop(struct enforcer *enforcer, const struct policy *policy);

#endif /* ENFORCEMENT_H */
