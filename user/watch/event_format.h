/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A record as a line: for people (event_text.c) or for programs (event_json.c). */
#ifndef EVENT_FORMAT_H
#define EVENT_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "strbuf.h"
#include "watch/watch.h"

/* What a record does not have itself. */
struct print_context {
	int64_t wall_offset_ns; /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
	const char *cgroup;	/* path of the owner's cgroup; NULL: not known */
};

/* The terminal that text is for. All zero: none. */
struct text_style {
	bool colour;
	unsigned int width; /* columns that a line should fit; 0: any number */
};

/*
 * Add one line, newline included. record->type must be one of enum watch_event. Text that does not fit the
 * width is shorter: without addresses of this host, or of subflows that have ids; and then cut.
 */
void event_text(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context, const struct text_style *style);
void event_json(struct strbuf *lines, const struct watch_record *record,
		const struct print_context *context);

#endif /* EVENT_FORMAT_H */
