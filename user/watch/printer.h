/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From records to lines, whether records come from the kernel or from a recording. */
#ifndef PRINTER_H
#define PRINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "day.h"
#include "event_format.h"
#include "output.h"
#include "watch/watch.h"
#include "watch_options.h"

struct printer {
	struct output *output;
	struct text_style style;
	uint32_t events;      /* to print: bits 1 << enum watch_event */
	unsigned long count;  /* events printed so far */
	unsigned long wanted; /* events to print; 0: all */
	struct day day;	      /* of the last line of text */
	bool json;
	bool wide;    /* lines may exceed the width of the terminal */
	bool discard; /* nobody reads the lines: count them, but do not format them */
};

/* signal_fd interrupts a wait for the reader; -1: nothing does. Returns false without memory, which is logged. */
bool printer_open(struct printer *printer, const struct watch_options *chosen, int signal_fd);

/* Whether lines show the owner's cgroup, so that print_context needs it. */
bool printer_shows_cgroup(const struct printer *printer);

/* Format one record, unless it is filtered out. */
void printer_print(struct printer *printer, const struct watch_record *record,
		   const struct print_context *context);

/* Whether all wanted events were printed. */
bool printer_done(const struct printer *printer);

void printer_close(struct printer *printer);

#endif /* PRINTER_H */
