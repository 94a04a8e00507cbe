/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The listening sockets of this host when an audit starts: which programs in scope have inherited theirs. */
#ifndef AUDIT_LISTENERS_H
#define AUDIT_LISTENERS_H

#include <stddef.h>
#include <stdint.h>

#include "force/audit.h"

struct audit_listeners {
	struct audit_listener *entries; /* one for each holder */
	size_t count;
};

/* Read the iterator list_listeners(). Returns 0, or -errno. */
int audit_listeners_read(struct audit_listeners *listeners, int program);

/* How many listeners of a program a process out of scope also holds: most likely their creator. */
uint64_t audit_listeners_inherited(const struct audit_listeners *listeners,
				   const struct audit_key *program);

void audit_listeners_free(struct audit_listeners *listeners);

#endif /* AUDIT_LISTENERS_H */
