/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events by name and number. No libbpf here, nor in what prints events. */
#ifndef EVENT_H
#define EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "watch/watch.h"

/* The name of an enum watch_event, as in docs/events.md; NULL when there is none. */
const char *event_name(uint32_t event);

/* All of them; index 0 is NULL. */
extern const char *const event_names[WATCH_EVENTS];

/* The enum watch_event of that name, of length bytes; 0 when there is none. */
uint32_t event_by_name(const char *name, size_t length);

/*
 * When it happened, in ns since 1970, by CLOCK_REALTIME. wall_offset_ns is that minus
 * CLOCK_MONOTONIC; in a recording that was damaged, any number.
 */
uint64_t event_wall_ns(const struct watch_record *record, int64_t wall_offset_ns);

#endif /* EVENT_H */
