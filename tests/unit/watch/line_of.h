/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LINE_OF_H
#define LINE_OF_H

#include "watch/event_format.h"

/* The line of a record, with its newline; valid until the next call. */
const char *json_line_of(const struct watch_record *record, const struct print_context *context);
const char *text_line_of(const struct watch_record *record, const struct print_context *context,
			 const struct text_style *style);

#endif /* LINE_OF_H */
