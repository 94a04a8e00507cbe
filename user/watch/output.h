/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines for standard output, collected and written together. A stalled reader delays writing, but not the
 * reaction to a signal, and the end of the program only for a limited time.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "common/exit_status.h"
#include "strbuf.h"

struct output;

/* signal_fd interrupts a wait for the reader; -1: nothing does. Returns NULL if there is no memory. */
struct output *output_new(int signal_fd);

/* Append lines to this until output_flush(). */
struct strbuf *output_lines(struct output *output);

enum output_result {
	OUTPUT_WRITTEN,
	OUTPUT_READER_GONE, /* the pipe was closed: not an error, the reader has what it wants */
	OUTPUT_INTERRUPTED, /* by a signal: the next flush writes the rest */
	OUTPUT_FAILED,	    /* logged */
};

enum output_result output_flush(struct output *output);

/*
 * From now on, no signal interrupts a wait. Instead, it is an error if a reader takes nothing for patience_ms, or
 * if a terminal has not taken everything by then.
 */
void output_hurry(struct output *output, int patience_ms);

void output_free(struct output *output);

#endif /* OUTPUT_H */
