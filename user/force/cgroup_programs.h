/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs of the attachment that the kernel runs for the sockets of chosen cgroups. Each enforcer attaches
 * them for its own scope; its links, and so their effect, end with its process.
 */
#ifndef CGROUP_PROGRAMS_H
#define CGROUP_PROGRAMS_H

#include <stddef.h>

#include "attachment.h"
#include "scope.h"

/* The links. Zeroed, there are none. */
struct cgroup_programs {
	int *links;
	size_t count;
	int changes_link; /* of the iterator that sets options on subflows that exist; 0: none */
};

/*
 * Attach all of them where they see every socket of a resolved scope: to the cgroup of 'run'; to the parent of
 * a named cgroup, so that they are there before it is re-created, or to its ancestor at the top if the scope is
 * persistent; to the root for all other rules. Logs a warning for what cannot be attached.
 */
void cgroup_programs_attach(struct cgroup_programs *programs, const struct attachment *attachment,
			    const struct scope *scope);

/* A program in scope has set an option of a connection: set it on the subflows that exist. */
void cgroup_programs_apply_changes(const struct cgroup_programs *programs);

void cgroup_programs_detach(struct cgroup_programs *programs);

#endif /* CGROUP_PROGRAMS_H */
