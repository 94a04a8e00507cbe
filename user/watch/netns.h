/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NETNS_H
#define NETNS_H

#include <stdint.h>

#include "common/exit_status.h"

/*
 * Get the inode number of a network namespace, given as a path such as /proc/PID/ns/net or by its name in
 * 'ip netns'. Returns an exit status.
 */
enum exit_status netns_read_inode(const char *path_or_name, uint32_t *inode);

#endif /* NETNS_H */
