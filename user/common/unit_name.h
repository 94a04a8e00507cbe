/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of systemd units, and where systemd creates their cgroups. */
#ifndef UNIT_NAME_H
#define UNIT_NAME_H

#include <stddef.h>

/* With the zero at the end: UNIT_NAME_MAX of systemd. */
#define UNIT_NAME_SIZE 256

/*
 * The full name of the service, slice or scope that text names, into UNIT_NAME_SIZE bytes: without a suffix, it is a
 * service. An invalid name is a usage error.
 */
void unit_name_parse(const char *text, char *name);

/*
 * The path of the unit's cgroup below the root of the hierarchy, if the unit is in that slice. An empty slice is the
 * root slice. Returns 0, or -ENAMETOOLONG.
 */
int unit_name_to_path(const char *name, const char *slice, char *path, size_t size);

#endif /* UNIT_NAME_H */
