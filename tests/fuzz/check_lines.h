/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must hold for the lines of any record, whatever it has. */
#ifndef CHECK_LINES_H
#define CHECK_LINES_H

#include "watch/event_format.h"

/*
 * Make both lines of a record with a known event. Aborts unless each is one line without control
 * characters, and that for programs is JSON.
 */
void check_lines(const struct watch_record *record, const struct print_context *context,
		 const struct text_style *style);

#endif /* CHECK_LINES_H */
