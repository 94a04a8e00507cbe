/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes pieces of a line: each goes where the caller says, where there must be room for it, and the function
 * returns where it ends. Every event is a line, and stdio would cost more than all else that mptcp-watch does.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Inlined, so that a literal is a move or two. The NUL is overwritten by what comes next. */
static inline char *format_string(char *at, const char *string)
{
	return stpcpy(at, string);
}

static inline char *format_char(char *at, char character)
{
	*at = character;
	return at + 1;
}

/* In decimal: at most 20 digits, and a sign. */
char *format_number(char *at, uint64_t number);
char *format_signed(char *at, int64_t number);
/* The last digits, leading zeroes included. */
char *format_digits(char *at, uint64_t number, size_t digits);
/* Eight hexadecimal digits. */
char *format_hex32(char *at, uint32_t number);
/* Nanoseconds in a larger unit, with that many decimal places. */
char *format_ns(char *at, uint64_t ns, uint64_t unit, unsigned int places);
/* In network byte order; family is AF_INET or AF_INET6, anything else is "?". At most 45 bytes. */
char *format_address(char *at, uint8_t family, const uint8_t *address);
/* Spaces up to there, at least one. */
char *format_spaces(char *at, const char *end);

#endif /* FORMAT_H */
