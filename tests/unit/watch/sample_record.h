/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SAMPLE_RECORD_H
#define SAMPLE_RECORD_H

#include <stdint.h>

#include "watch/watch.h"

/* CLOCK_REALTIME minus CLOCK_MONOTONIC for samples: they are of 2023-11-14T22:13:32.469135690Z. */
#define SAMPLE_WALL_OFFSET_NS INT64_C(1700000000123456789)

/* A record of this event, with a value of its own in whatever the event has. */
struct watch_record sample_record(uint32_t event);

#endif /* SAMPLE_RECORD_H */
