/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths of cgroups by id, kept: a cgroup may be gone when its last event comes. */
#ifndef CGROUP_NAMES_H
#define CGROUP_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct cgroup_names;

/* Returns NULL without memory. */
struct cgroup_names *cgroup_names_new(void);

/* Remember a path. */
void cgroup_names_add(struct cgroup_names *names, uint64_t id, const char *path);

/* The path below the root of the hierarchy, from what is remembered, or NULL. */
const char *cgroup_names_find(const struct cgroup_names *names, uint64_t id);

/*
 * The same, but looks at the mounted hierarchy for one that is not remembered; *is_new says that
 * it was found there. An id that is not found is remembered too, and not looked for again.
 */
const char *cgroup_names_look_up(struct cgroup_names *names, uint64_t id, bool *is_new);

void cgroup_names_free(struct cgroup_names *names);

#endif /* CGROUP_NAMES_H */
