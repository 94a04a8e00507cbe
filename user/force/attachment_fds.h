/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The descriptors of an attachment, whether it was created or found. */
#ifndef ATTACHMENT_FDS_H
#define ATTACHMENT_FDS_H

#include <stdbool.h>

#include "force/force.h"

/* Descriptors, by the enums of force.h; -1: not needed on this kernel. Other members follow them. */
struct attachment {
	int links[FORCE_LINKS];
	int programs[FORCE_PROGRAMS];
	int cgroup_programs[FORCE_CGROUP_PROGRAMS];
	int maps[FORCE_MAPS];
	int landlock_unknown; /* 0, or 1: see struct force_directory */
};

/* Whether it has all objects that are needed on every kernel. */
bool attachment_is_whole(const struct attachment *attachment);

void attachment_close(struct attachment *attachment);

#endif /* ATTACHMENT_FDS_H */
