/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events, by name and by number. Code that prints events does not use libbpf. */
#ifndef EVENT_H
#define EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "watch/watch.h"

/* The name of an enum watch_event, as in docs/events.md, or NULL. */
const char *event_name(uint32_t event);

/* All names; index 0 is NULL. */
extern const char *const event_names[WATCH_EVENTS];

/* The enum watch_event with that name, of length bytes; 0: there is none. */
uint32_t event_by_name(const char *name, size_t length);

/*
 * When the event happened, in ns since 1970. wall_offset_ns is CLOCK_REALTIME minus CLOCK_MONOTONIC; in a
 * damaged recording, it can be any number.
 */
uint64_t event_wall_ns(const struct watch_record *record, int64_t wall_offset_ns);

#endif /* EVENT_H */
