/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COUNTER_NAMES_H
#define COUNTER_NAMES_H

#include "force/force.h"

/* The names of the counters, in JSON and in what is pinned. */
extern const char *const counter_names[FORCE_COUNTERS];

#endif /* COUNTER_NAMES_H */
