/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard error, for messages: a reader that has stalled must not stop the tool. */
#ifndef STANDARD_ERROR_H
#define STANDARD_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* Find out how to write to it, while our privileges last. Writing does that too when it changes. */
void standard_error_open(void);

/*
 * Write a message. While standard error takes nothing, because its reader has stalled or Ctrl-S stopped
 * the terminal, this waits at most a second for it, and then not at all until it takes something again.
 * Returns false when the message, or its end, was dropped for that; true also when there is no reader
 * any more.
 */
bool standard_error_write(const char *message, size_t length);

/* Stop waiting as soon as this descriptor can be read: that of the signals to be handled. */
void standard_error_yield_to(int fd);

#endif /* STANDARD_ERROR_H */
