/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LINE_OF_H
#define LINE_OF_H

#include "watch/event_format.h"

/* The line that a formatter makes, with its newline; valid until the next call. */
const char *line_of(void (*format)(struct strbuf *, const struct watch_record *,
				   const struct event_surroundings *),
		    const struct watch_record *record,
		    const struct event_surroundings *surroundings);

#endif /* LINE_OF_H */
