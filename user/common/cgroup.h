/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup v2: where it is mounted, and what a directory of it is. */
#ifndef CGROUP_H
#define CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit_status.h"

/* The id of the root cgroup (kernfs gives its root the inode number 1). */
#define CGROUP_ROOT_ID 1

/*
 * Where the cgroup v2 hierarchy is mounted, from /proc/self/mountinfo: on a hybrid system that is
 * not /sys/fs/cgroup. root is the cgroup that the mount shows, "/" but in some containers.
 */
struct cgroup_mount {
	char path[PATH_MAX];
	char root[PATH_MAX];
};

/* Returns 0, or -ENOENT when cgroup v2 is not mounted. Says nothing. */
int cgroup_find_mount(struct cgroup_mount *mount);

/* What to do about a cgroup that does not exist, and about the root of the hierarchy. */
struct cgroup_remedies {
	const char *if_missing;
	const char *if_root;
	bool dispensable; /* no advice on how to find it, only if_missing */
};

/*
 * Find the cgroup at path: the id by which the kernel knows it and, unless kernel_path is NULL, its path
 * below the root of the hierarchy, as the kernel's tracepoints print it, in at most size bytes. That path is
 * empty, after a warning, if it is not known. The root is refused. Returns an exit status.
 */
enum exit_status cgroup_resolve(const char *path, const struct cgroup_remedies *remedies,
				uint64_t *id, char *kernel_path, size_t size);

#endif /* CGROUP_H */
