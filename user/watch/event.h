/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for what a record has as numbers. No libbpf here, nor in what prints events. */
#ifndef EVENT_H
#define EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "watch/watch.h"

/* The name of an enum watch_event, as in docs/events.md; NULL when there is none. */
const char *event_name(uint32_t event);

/* The enum watch_event of that name, of length bytes; 0 when there is none. */
uint32_t event_by_name(const char *name, size_t length);

/*
 * When it happened, in ns since 1970, by CLOCK_REALTIME. wall_offset_ns is that minus
 * CLOCK_MONOTONIC; in a recording that was damaged, any number.
 */
uint64_t event_wall_ns(const struct watch_record *record, int64_t wall_offset_ns);

/*
 * The names of enum watch_fallback, watch_join, watch_cause, watch_closed_by and watch_lost_reason;
 * "unknown" for more.
 */
const char *fallback_name(uint32_t reason);
const char *join_name(uint32_t reason);
const char *cause_name(uint32_t cause);
const char *closed_by_name(uint32_t who);
const char *lost_reason_name(uint32_t reason);

/* The name of a reason in MP_TCPRST (RFC 8684, 3.6). */
const char *reset_reason_name(uint32_t reason);

#endif /* EVENT_H */
