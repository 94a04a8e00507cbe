/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/* Bytes of U+FFFD, which stands for a byte that is not valid UTF-8. */
#define UTF8_REPLACEMENT_LEN 3

/*
 * Copy length bytes as valid UTF-8, NUL-terminated; out has length * UTF8_REPLACEMENT_LEN + 1
 * bytes.
 */
void utf8_clean(char *out, const char *in, size_t length);

#endif /* UTF8_H */
