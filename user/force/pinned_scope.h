/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scope that is pinned, by this version of the tool or another one: see force/pinned.h. */
#ifndef PINNED_SCOPE_H
#define PINNED_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "force/force.h"
#include "force/pinned.h"
#include "scope_name.h"

struct pinned_scope {
	char name[SCOPE_NAME_LENGTH + 1];
	unsigned int number;
	bool legible; /* if not, nothing below is known */
	struct force_pinned scope;
	struct force_pinned_rule *rules; /* scope.rules of them */
	uint64_t
		counters[FORCE_PINNED_COUNTERS]; /* since it was attached; scope.counters of them */
	uint64_t missed;
	unsigned int links_lost;   /* without them, little or nothing is enforced */
	unsigned int bridges_lost; /* the kernel detached them when their cgroup was removed */
};

/* Read it. Free its rules. */
void pinned_scope_read(const char *name, unsigned int number, struct pinned_scope *pinned);
void pinned_scope_free(struct pinned_scope *pinned);

/* Whether its state is FORCE_PINNED_IN_FORCE, even if links are missing. */
bool pinned_scope_in_force(const struct pinned_scope *pinned);

/* The scopes of a name. */
struct pinned_scopes {
	struct pinned_scope *all; /* in the order of their numbers */
	size_t count;
	struct pinned_scope *in_force; /* the last one that is, or NULL */
};

/* Read all of them. Returns 0, or -errno. Free them. */
int pinned_scopes_read(int store, const char *name, struct pinned_scopes *scopes);
void pinned_scopes_free(struct pinned_scopes *scopes);

/* End its enforcement, whatever remains pinned. Returns 0, or -errno. */
int pinned_scope_end(const struct pinned_scope *pinned);

/* A descriptor of what is pinned there, or -errno. */
int pinned_scope_open(const struct pinned_scope *pinned, const char *pin);

#endif /* PINNED_SCOPE_H */
