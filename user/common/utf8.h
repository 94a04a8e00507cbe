/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/* What a byte takes at most. */
#define UTF8_ESCAPE_MAX 6

/*
 * Write length bytes as they are between the quotation marks of a JSON string, and return the end. A byte
 * that is not UTF-8 becomes U+FFFD. What a terminal might obey is escaped as well as what JSON wants
 * escaped: DEL, the control characters U+0080 to U+009F, line separators, and what changes the direction
 * of text.
 */
char *utf8_escape(char *at, const char *in, size_t length);

#endif /* UTF8_H */
