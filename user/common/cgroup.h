/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup v2: where it is mounted, and which cgroup a directory stands for. */
#ifndef CGROUP_H
#define CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exit_status.h"

/* The ID of the root cgroup (kernfs gives its root the inode number 1). */
#define CGROUP_ROOT_ID 1

/*
 * Where the cgroup v2 hierarchy is mounted, from /proc/self/mountinfo: on a hybrid system, not at
 * /sys/fs/cgroup. root is the cgroup that the mount shows: "/", except in some containers.
 */
struct cgroup_mount {
	char path[PATH_MAX];
	char root[PATH_MAX];
};

/* Returns 0, or -ENOENT if cgroup v2 is not mounted. Logs nothing. */
int cgroup_find_mount(struct cgroup_mount *mount);

/* Remedies for messages about a cgroup that does not exist, and about the root of the hierarchy. */
struct cgroup_remedies {
	const char *if_missing;
	const char *if_root;
	bool dispensable; /* the option can be omitted: always advise if_missing, not how to find the cgroup */
};

/*
 * Find the cgroup at path: its ID in the kernel and, unless kernel_path is NULL, its path below the root of
 * the hierarchy, as the kernel's tracepoints report it, in at most size bytes. If that path cannot be
 * determined, this logs a warning and sets it to "". Refuses the root. Returns an exit status.
 */
enum exit_status cgroup_resolve(const char *path, const struct cgroup_remedies *remedies,
				uint64_t *id, char *kernel_path, size_t size);

/*
 * The path below the root of the hierarchy, as above, of a cgroup that does not exist yet. Returns 0; -EEXIST if it
 * exists; or another -errno: no cgroup will ever have that path. Logs nothing.
 */
int cgroup_resolve_missing(const char *path, char *kernel_path, size_t size);

#endif /* CGROUP_H */
