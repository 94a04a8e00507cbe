/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

#include "strbuf.h"

/* Bytes of U+FFFD, which stands for a byte that is not valid UTF-8. */
#define UTF8_REPLACEMENT_LEN 3

/*
 * Copy length bytes as valid UTF-8, NUL-terminated; out has length * UTF8_REPLACEMENT_LEN + 1
 * bytes.
 */
void utf8_clean(char *out, const char *in, size_t length);

/*
 * Add a line of JSON, of length bytes and valid UTF-8, with what a terminal might obey as \uXXXX: DEL,
 * the control characters U+0080 to U+009F, line separators, and what changes the direction of text.
 * Only strings of JSON can have these. What is below U+0020 is escaped already in any JSON.
 */
void utf8_add_escaped(struct strbuf *lines, const char *json, size_t length);

#endif /* UTF8_H */
