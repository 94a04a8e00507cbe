/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel functions that events require. */
#ifndef EVENT_NEEDS_H
#define EVENT_NEEDS_H

#include "watch/watch.h"

/* By enum watch_event: a required function that this kernel lacks, or NULL. */
void event_needs_find_missing(const char *missing[WATCH_EVENTS]);

#endif /* EVENT_NEEDS_H */
