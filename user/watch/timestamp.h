/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timestamps of lines. The last second is cached, because libc takes thousands of instructions for each. */
#ifndef TIMESTAMP_H
#define TIMESTAMP_H

#include <stdint.h>

/* From ns since 1970, in UTC: 2026-11-23T16:06:41.788223046Z. */
char *format_utc(char *at, uint64_t wall_ns);

/* The same, in local time: 16:06:41.788223. */
char *format_clock(char *at, uint64_t wall_ns);

#endif /* TIMESTAMP_H */
