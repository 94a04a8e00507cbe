/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A record as a line of text (event_text.c) or JSON (event_json.c). */
#ifndef EVENT_FORMAT_H
#define EVENT_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "strbuf.h"
#include "watch/watch.h"

/* What is needed to print a record, but is not in the record. */
struct print_context {
	int64_t wall_offset_ns; /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
	const char *cgroup;	/* path of the owner's cgroup; NULL: unknown */
};

/* How to format text for the terminal. All zero: there is none. */
struct text_style {
	bool colour;
	unsigned int width; /* columns; 0: unlimited */
};

/*
 * Add one line, including the newline. record->type must be one of enum watch_event. Text that does not fit the
 * width uses the brief form of the details, and is then cut.
 */
void event_text(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context, const struct text_style *style);
void event_json(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context);

#endif /* EVENT_FORMAT_H */
