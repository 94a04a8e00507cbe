// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "attached.h"
#include "attached_note.h"

int attached_read(int store, const char *name, struct attached *attached)
{
	memset(attached, 0, sizeof(*attached));
	snprintf(attached->name, sizeof(attached->name), "%s", name);
	attached->noted = attached_note_exists(name);
	return store < 0 ? 0 : pinned_scopes_read(store, name, &attached->scopes);
}

void attached_free(struct attached *attached)
{
	pinned_scopes_free(&attached->scopes);
}

bool attached_exists(const struct attached *attached)
{
	return attached->noted || attached->scopes.count;
}

bool attached_in_force(const struct attached *attached)
{
	return attached->scopes.in_force && !attached->scopes.in_force->links_lost;
}

/* Of a name that has no scope in force. */
static const char *problem_of_remains(const struct attached *attached)
{
	const struct pinned_scope *last;

	if (!attached->scopes.count)
		return "has ended: it was unpinned by others (attach it again)";
	last = &attached->scopes.all[attached->scopes.count - 1];
	if (!last->legible)
		return "cannot be read: others, or an interrupted command, unpinned a part of it "
		       "(attach it again, or detach it)";
	if (last->scope.state == FORCE_PINNED_PREPARED)
		return "is not in force: its 'attach' was interrupted (attach it again, or detach it)";
	return "is not in force: its 'detach' was interrupted (attach it again, or detach it)";
}

const char *attached_problem(const struct attached *attached)
{
	const struct pinned_scope *scope = attached->scopes.in_force;

	if (!scope)
		return problem_of_remains(attached);
	if (!scope->legible)
		return "is in force, but cannot be read (attach it again, or detach it)";
	if (scope->links_lost)
		return "has ended: links to the kernel's hooks were unpinned by others (attach it again)";
	if (scope->bridges_lost)
		return "is in force, but no longer bridges all socket options: a top-level cgroup was "
		       "removed (attach it again)";
	return NULL;
}

bool attached_has_remains(const struct attached *attached)
{
	return attached->scopes.in_force && attached->scopes.count > 1;
}
