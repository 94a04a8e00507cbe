/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates and clocks of lines. Each is kept for its second: libc takes thousands of instructions for one. */
#ifndef TIMESTAMP_H
#define TIMESTAMP_H

#include <stdint.h>

/* 2026-11-23T16:06:41.788223046Z, of ns since 1970. */
char *format_utc(char *at, uint64_t wall_ns);

/* 16:06:41.788223, by local time. */
char *format_clock(char *at, uint64_t wall_ns);

#endif /* TIMESTAMP_H */
