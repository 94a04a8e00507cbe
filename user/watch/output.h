/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines for standard output, collected and then written at once. A reader that does not read blocks
 * the writing, but never the answer to a signal, and the end only for so long.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "common/exit_status.h"
#include "strbuf.h"

struct output;

/* signal_fd interrupts a write that waits for its reader; -1: nothing does. NULL without memory. */
struct output *output_new(int signal_fd);

/* Where lines go until output_flush(). */
struct strbuf *output_lines(struct output *output);

enum output_result {
	OUTPUT_WRITTEN,
	OUTPUT_READER_GONE, /* the pipe is closed: no error, the reader has enough */
	OUTPUT_INTERRUPTED, /* by a signal: what was not written is for the next flush */
	OUTPUT_FAILED,	    /* logged */
};

enum output_result output_flush(struct output *output);

/*
 * From now on no signal interrupts, but a reader that takes nothing for patience_ms is an error, and so
 * is a terminal that has not taken all by then.
 */
void output_hurry(struct output *output, int patience_ms);

void output_free(struct output *output);

#endif /* OUTPUT_H */
