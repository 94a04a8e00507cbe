/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What events need of the kernel. */
#ifndef EVENT_NEEDS_H
#define EVENT_NEEDS_H

#include "watch/watch.h"

/* By enum watch_event: the function that this kernel lacks for it, or NULL where it has all. */
void event_needs_find_missing(const char *missing[WATCH_EVENTS]);

#endif /* EVENT_NEEDS_H */
