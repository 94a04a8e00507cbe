/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this kernel and this caller can do: found by looking for it, never by version. */
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
	REQUIREMENTS,
};

struct requirement {
	const char *name;	     /* for programs: the key in check --json */
	const char *title;	     /* for people */
	const char *remedy;	     /* what to do when it is missing, or what that costs */
	bool required;		     /* without it nothing can be enforced */
	enum exit_status if_missing; /* how a tool ends without it */
};

const struct requirement *requirement_describe(enum requirement_id id);

/* Look for one. */
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
