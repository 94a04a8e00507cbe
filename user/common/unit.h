/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cgroup of a systemd unit, also of one that has never run. */
#ifndef UNIT_H
#define UNIT_H

#include <stddef.h>

#include "exit_status.h"

/*
 * Ask systemd for the directory of the unit's cgroup, which need not exist: then it is where systemd will create it.
 * name is a full name (unit_name_parse()). Returns an exit status.
 */
enum exit_status unit_find_cgroup(const char *name, char *path, size_t size);

#endif /* UNIT_H */
