/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BPF programs on the kernel's hooks, and their maps. All enforcers of a host share one attachment, so that
 * the cost of a socket does not depend on their number. The first one attaches, and the others find the attachment
 * by the kernel's IDs. It disappears with the last descriptor that any of them holds. Finding it requires
 * CAP_SYS_ADMIN; an enforcer without it attaches its own programs.
 */
#ifndef ATTACHMENT_H
#define ATTACHMENT_H

#include "common/exit_status.h"
#include "force/force.h"

/* Descriptors, by the enums of force.h; -1: this kernel has no use for it. What it knows is behind them. */
struct attachment {
	int links[FORCE_LINKS];
	int programs[FORCE_PROGRAMS];
	int cgroup_programs[FORCE_CGROUP_PROGRAMS];
	int maps[FORCE_MAPS];
	int landlock_unknown; /* 0, or 1: see struct force_directory */
};

/* Find the attachment of this host, or create it. Returns an exit status. */
enum exit_status attachment_open(struct attachment *attachment);

/* Create an attachment as a test, and close it immediately. Returns an exit status. */
enum exit_status attachment_try(void);

void attachment_close(struct attachment *attachment);

#endif /* ATTACHMENT_H */
