/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Local days: lines of text show only the time, so a line with the date precedes those of each day. */
#ifndef DAY_H
#define DAY_H

#include <stdint.h>

#include "strbuf.h"

/* The day of the last line: from its first nanosecond to that of the next day. All zero: none yet. */
struct day {
	uint64_t begin_ns;
	uint64_t end_ns;
};

/* Add a line with the date, unless the time, in ns since 1970, is on the same day as the last one. */
void day_line(struct day *day, struct strbuf *lines, uint64_t wall_ns);

#endif /* DAY_H */
