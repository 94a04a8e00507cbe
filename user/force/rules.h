/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of an enforcer, as they are entered into the maps that all enforcers of an attachment share. */
#ifndef RULES_H
#define RULES_H

#include <stdint.h>

#include "common/exit_status.h"
#include "force/force.h"
#include "scope.h"

struct rule_owner {
	int program; /* change_enforcer() of the attachment */
	uint64_t identity;
};

/* Returns 0 or -errno. force.h describes the operations and their errors. */
int rules_change(const struct rule_owner *owner, struct force_request *request);

/* Enter the cgroups by path, so that they are followed if they are re-created. Returns an exit status. */
enum exit_status rules_follow(const struct rule_owner *owner, const struct scope *scope);

/* Enter all rules of a resolved scope. Returns an exit status. */
enum exit_status rules_enter(const struct rule_owner *owner, const struct scope *scope);

#endif /* RULES_H */
