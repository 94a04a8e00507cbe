/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An attached scope: what is pinned, whether it should be in force, and what is wrong with it. */
#ifndef ATTACHED_H
#define ATTACHED_H

#include <stdbool.h>

#include "pinned_scope.h"

struct attached {
	char name[SCOPE_NAME_LENGTH + 1];
	struct pinned_scopes scopes;
	bool noted; /* it should be in force */
};

/* store is -1 if nothing is pinned. Returns 0, or -errno. Free it in both cases. */
int attached_read(int store, const char *name, struct attached *attached);
void attached_free(struct attached *attached);

/* Whether anything is known of that name. */
bool attached_exists(const struct attached *attached);

/* Whether new sockets in scope are changed. */
bool attached_in_force(const struct attached *attached);

/* What is wrong, with the remedy, to complete "scope 'NAME' "; NULL: nothing. */
const char *attached_problem(const struct attached *attached);

/* Whether an interrupted command has left something that has no effect. */
bool attached_has_remains(const struct attached *attached);

#endif /* ATTACHED_H */
