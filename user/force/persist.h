/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Make the scope of an enforcer persistent. */
#ifndef PERSIST_H
#define PERSIST_H

#include "common/exit_status.h"
#include "enforcer.h"
#include "pinned_scope.h"
#include "policy.h"
#include "scope.h"

/*
 * Pin the attachment and the prepared scope of an enforcer below a name, then put it into force: one call of the
 * kernel, which also ends the scope that it replaces (or NULL), if that belongs to the same attachment. If it does
 * not, because another version of the tool created it, the new scope begins before the old one ends. A signal before
 * that call leaves the old scope in force, and one after it the new. Returns an exit status.
 */
enum exit_status persist(int store, const char *name, struct enforcer *enforcer,
			 const struct scope *scope, const struct policy *policy,
			 const struct pinned_scope *replaced);

#endif /* PERSIST_H */
