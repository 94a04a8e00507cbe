/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pieces of a line: each is written to where it is to be, and what is returned is where it ends.
 * There has to be room for it. There is a line for every event, and stdio's formatting costs more
 * than all else that mptcp-watch does with it.
 */
#ifndef PUT_H
#define PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Inlined, so that a literal is a move or two. The NUL is overwritten by what comes next. */
static inline char *put(char *at, const char *string)
{
	return stpcpy(at, string);
}

static inline char *put_char(char *at, char character)
{
	*at = character;
	return at + 1;
}

/* In decimal: at most 20 digits, and a sign. */
char *put_number(char *at, uint64_t number);
char *put_signed(char *at, int64_t number);
/* The last so many digits, zeroes in front included. */
char *put_digits(char *at, uint64_t number, size_t digits);
/* Eight hexadecimal digits. */
char *put_hex32(char *at, uint32_t number);
/* Nanoseconds, in units of that many, with so many decimal places. */
char *put_ns(char *at, uint64_t ns, uint64_t unit, unsigned int places);
/* In network byte order; family is AF_INET or AF_INET6, anything else is "?". At most 45 bytes. */
char *put_address(char *at, uint8_t family, const uint8_t *address);
/* Spaces up to there, at least one. */
char *put_spaces(char *at, const char *end);

#endif /* PUT_H */
