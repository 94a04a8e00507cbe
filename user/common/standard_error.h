/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard error, for messages: a stalled reader must not stop the tool. */
#ifndef STANDARD_ERROR_H
#define STANDARD_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/* Find out how to write to it, before privileges are dropped. Repeated when it changes. */
void standard_error_open(void);

/*
 * Write a message. If the reader has stalled, or Ctrl-S stopped the terminal, this waits up to a second; after
 * that, it does not wait again until something could be written. Returns false if it dropped the message or a
 * part of it; true also if the reader has gone.
 */
bool standard_error_write(const char *message, size_t length);

/* Stop waiting when this descriptor, such as a signalfd, becomes readable. */
void standard_error_yield_to(int fd);

#endif /* STANDARD_ERROR_H */
