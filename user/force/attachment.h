/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BPF programs on the kernel's hooks, and their maps. All enforcers of a host share one attachment,
 * so that a socket costs the same however many there are: the first attaches, the others find it by the
 * kernel's ids, and it goes with the last descriptor that any of them holds. Finding takes CAP_SYS_ADMIN;
 * an enforcer without it attaches programs of its own.
 */
#ifndef ATTACHMENT_H
#define ATTACHMENT_H

#include "common/exit_status.h"
#include "force/force.h"

/* Descriptors, by the enums of force.h; -1: this kernel has no use for it. What it knows is behind them. */
struct attachment {
	int links[FORCE_LINKS];
	int programs[FORCE_PROGRAMS];
	int maps[FORCE_MAPS];
	int landlock_unknown; /* 0, or 1: see struct force_directory */
};

/* Find the attachment of this host, or make one. Returns an exit status. */
enum exit_status attachment_open(struct attachment *attachment);

/* Make one that is tried and closed at once. Returns an exit status. */
enum exit_status attachment_try(void);

void attachment_close(struct attachment *attachment);

#endif /* ATTACHMENT_H */
