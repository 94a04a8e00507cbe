/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cgroup v2: where it is mounted, and what a directory of it is. */
#ifndef CGROUP_H
#define CGROUP_H

#include <limits.h>
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

/*
 * The id by which the kernel knows the cgroup at path. The root of the hierarchy is refused; if_all
 * tells what to do for every process instead. Returns an exit status.
 */
enum exit_status cgroup_read_id(const char *path, const char *if_all, uint64_t *id);

/*
 * The path of a cgroup below the root of the hierarchy, as the kernel's tracepoints print it.
 * Returns 0, or -errno: -ENAMETOOLONG when it does not fit, -ENOENT when no mount shows it, -EXDEV in
 * a cgroup namespace, where paths begin at its root and not at the hierarchy's.
 */
int cgroup_kernel_path(const char *path, char *kernel_path, size_t size);

#endif /* CGROUP_H */
