/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TRANSIENT_CGROUP_H
#define TRANSIENT_CGROUP_H

#include <limits.h>

#include "common/exit_status.h"

/* A cgroup for one command, below the caller's own so that all limits of that stay in force. */
struct transient_cgroup {
	char path[PATH_MAX];
	char parent[PATH_MAX];
	int fd; /* of the directory; holds the lock that tells others it is in use */
};

/* Make one. Returns an exit status. */
enum exit_status transient_cgroup_create(struct transient_cgroup *cgroup);

/*
 * Move what still runs in it to the parent and remove it, cgroups made inside it included. Returns
 * the number of processes that were moved, or -errno after telling why it could not be removed.
 */
int transient_cgroup_remove(struct transient_cgroup *cgroup);

#endif /* TRANSIENT_CGROUP_H */
