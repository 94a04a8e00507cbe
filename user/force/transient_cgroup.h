/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TRANSIENT_CGROUP_H
#define TRANSIENT_CGROUP_H

#include <limits.h>

#include "common/exit_status.h"

/* A cgroup for one command, below the caller's cgroup, so that its limits still apply. */
struct transient_cgroup {
	char path[PATH_MAX];
	char parent[PATH_MAX];
	int fd; /* of the directory; holds the lock that marks it as in use */
};

/* Create one. Returns an exit status. */
enum exit_status transient_cgroup_create(struct transient_cgroup *cgroup);

/*
 * Move the processes that still run in it to the parent, and remove it and the cgroups inside it.
 * Returns the number of processes moved, or -errno if it could not be removed, which is logged.
 */
int transient_cgroup_remove(struct transient_cgroup *cgroup);

#endif /* TRANSIENT_CGROUP_H */
