/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes pieces of a line. The caller provides the place, which must have enough room, and the function returns
 * where the piece ends. With stdio, formatting would cost more than everything else that mptcp-watch does.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Inlined, so that a literal compiles to a move or two. The next piece overwrites the NUL. */
static inline char *format_string(char *at, const char *string)
{
	return stpcpy(at, string);
}

static inline char *format_char(char *at, char character)
{
	*at = character;
	return at + 1;
}

/* Decimal: at most 20 digits, and a sign. */
char *format_number(char *at, uint64_t number);
char *format_signed(char *at, int64_t number);
/* The last digits, including leading zeros. */
char *format_digits(char *at, uint64_t number, size_t digits);
/* Eight hexadecimal digits. */
char *format_hex32(char *at, uint32_t number);
/* Nanoseconds in a larger unit, with that many decimal places. */
char *format_ns(char *at, uint64_t ns, uint64_t unit, unsigned int places);
/* The address is in network byte order; a family other than AF_INET and AF_INET6 yields "?". At most 45 bytes. */
char *format_address(char *at, uint8_t family, const uint8_t *address);
/* Spaces up to end, at least one. */
char *format_spaces(char *at, const char *end);

#endif /* FORMAT_H */
