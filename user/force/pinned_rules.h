/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of a scope, as they are pinned. */
#ifndef PINNED_RULES_H
#define PINNED_RULES_H

#include "force/pinned.h"
#include "scope.h"

/* List the rules of a resolved scope. Free the result; NULL: out of memory. */
struct force_pinned_rule *pinned_rules_list(const struct scope *scope, unsigned int *count);

/* A map with these rules, or -errno. */
int pinned_rules_create(const struct scope *scope, unsigned int *count);

#endif /* PINNED_RULES_H */
