// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <unistd.h>

#include "attachment_fds.h"

/* The members of struct attachment that are descriptors, one after the other. */
#define DESCRIPTORS (FORCE_LINKS + FORCE_PROGRAMS + FORCE_CGROUP_PROGRAMS + FORCE_MAPS)

static int *descriptors_of(struct attachment *attachment)
{
	_Static_assert(offsetof(struct attachment, landlock_unknown) == DESCRIPTORS * sizeof(int),
		       "nothing but descriptors");
	return attachment->links;
}

void attachment_close(struct attachment *attachment)
{
	int *fds = descriptors_of(attachment);
	size_t i;

	for (i = 0; i < DESCRIPTORS; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
		fds[i] = -1;
	}
}

bool attachment_is_whole(const struct attachment *attachment)
{
	size_t i;

	for (i = 0; i < FORCE_PROGRAMS; i++) {
		if (attachment->programs[i] < 0)
			return false;
	}
	for (i = 0; i < FORCE_MAPS; i++) {
		if (attachment->maps[i] < 0)
			return false;
	}
	return attachment->links[FORCE_LINK_UPGRADE] >= 0 &&
	       attachment->links[FORCE_LINK_CGROUP_CREATED] >= 0 &&
	       attachment->links[FORCE_LINK_CGROUP_REMOVED] >= 0;
}
