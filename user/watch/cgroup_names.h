/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The paths of cgroups, by ID. They are remembered, because a cgroup may be gone when its last event arrives. */
#ifndef CGROUP_NAMES_H
#define CGROUP_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct cgroup_names;

/* Returns NULL if there is no memory. */
struct cgroup_names *cgroup_names_new(void);

/* Remember a path. */
void cgroup_names_add(struct cgroup_names *names, uint64_t id, const char *path);

/* The remembered path, relative to the root of the hierarchy, or NULL. */
const char *cgroup_names_find(const struct cgroup_names *names, uint64_t id);

/*
 * The same, but if the cgroup is not remembered, search the mounted hierarchy; *is_new is true if it was found
 * there. An ID that is not found is remembered, too, and is not searched for again.
 */
const char *cgroup_names_look_up(struct cgroup_names *names, uint64_t id, bool *is_new);

void cgroup_names_free(struct cgroup_names *names);

#endif /* CGROUP_NAMES_H */
