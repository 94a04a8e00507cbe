/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this kernel and this caller can do: found by looking for it, never by version. */
#ifndef FEATURES_H
#define FEATURES_H

#include <stdbool.h>
#include <stddef.h>

#include "exit_status.h"

enum feature_id {
	FEATURE_BTF,
	FEATURE_HOOK,
	FEATURE_LOOP,
	FEATURE_MPTCP,
	FEATURE_MPTCP_STATE,
	FEATURE_ADDRESSES,
	FEATURE_PERMISSION,
	FEATURE_CGROUP2,
	FEATURE_MPTCP_ENABLED,
	FEATURE_IPV6,
	FEATURE_IO_URING_COUNT,
	FEATURES,
};

struct feature {
	const char *name;	     /* for programs: the key in check --json */
	const char *title;	     /* for people */
	const char *remedy;	     /* what to do when it is missing, or what that costs */
	bool required;		     /* without it nothing can be enforced */
	enum exit_status if_missing; /* how a tool ends without it */
};

const struct feature *feature_describe(enum feature_id id);

/* Look for one feature. */
bool features_has(enum feature_id id);

/* Whether the kernel's type information has a function: it is read at the first question. */
bool features_has_function(const char *name);

/* Free the kernel's type information, which takes some MiB. */
void features_forget(void);

/*
 * Look for these in order, so that the first answer is the one that no other can change, and tell
 * the first that is missing. action is a verb. Returns the exit status for it, or STATUS_OK.
 */
enum exit_status features_require(const char *action, const enum feature_id *required,
				  size_t count);

/* After an action failed with -errno: tell why, as far as can be known. Returns the exit status. */
enum exit_status features_explain(const char *action, int err);

#endif /* FEATURES_H */
