/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold for the lines of any record, whatever it has. */
#ifndef FORMAT_H
#define FORMAT_H

#include "watch/event_format.h"

/*
 * Make both lines of a record with a known event. Aborts unless each is one line without control
 * characters, and that for programs is JSON.
 */
void format_and_check(const struct watch_record *record,
		      const struct event_surroundings *surroundings);

#endif /* FORMAT_H */
