/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tools require of the kernel and the caller: detected by probing, never by version. */
#ifndef REQUIREMENTS_H
#define REQUIREMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "exit_status.h"

enum requirement_id {
	REQUIREMENT_BTF,
	REQUIREMENT_HOOK,
	REQUIREMENT_LOOP,
	REQUIREMENT_MPTCP,
	REQUIREMENT_MPTCP_STATE,
	REQUIREMENT_ADDRESSES,
	REQUIREMENT_PERMISSION,
	REQUIREMENT_CGROUP2,
	REQUIREMENT_MPTCP_ENABLED,
	REQUIREMENT_IPV6,
	REQUIREMENT_IO_URING_COUNT,
	REQUIREMENT_LANDLOCK,
	REQUIREMENT_OPTION_BRIDGE,
	REQUIREMENTS,
};

struct requirement {
	const char *name;	     /* in check --json */
	const char *title;	     /* in text */
	const char *remedy;	     /* what to do if it is missing, or what that costs */
	bool required;		     /* the tool cannot work without it */
	enum exit_status if_missing; /* the exit status of a tool without it */
};

const struct requirement *requirement_describe(enum requirement_id id);

/* Check one. */
bool requirement_met(enum requirement_id id);

/*
 * Check these in order, and log the first one that is missing: the order is such that it explains those
 * after it. action completes "cannot ...". Returns the exit status for it, or STATUS_OK.
 */
enum exit_status requirements_check(const char *action, const enum requirement_id *required,
				    size_t count);

/* After an action failed with -errno: log the likely reason. Returns the exit status. */
enum exit_status requirements_explain(const char *action, int err);

#endif /* REQUIREMENTS_H */
