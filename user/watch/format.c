// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "format.h"

/* The digits of 2^64 - 1. */
#define DIGITS_MAX 20

/* Numbers take most of a line's instructions. Hence no division and no loop here, and two digits per step below. */
static size_t count_digits(uint64_t number)
{
	static const uint64_t powers[DIGITS_MAX] = {
		UINT64_C(0),
		UINT64_C(10),
		UINT64_C(100),
		UINT64_C(1000),
		UINT64_C(10000),
		UINT64_C(100000),
		UINT64_C(1000000),
		UINT64_C(10000000),
		UINT64_C(100000000),
		UINT64_C(1000000000),
		UINT64_C(10000000000),
		UINT64_C(100000000000),
		UINT64_C(1000000000000),
		UINT64_C(10000000000000),
		UINT64_C(100000000000000),
		UINT64_C(1000000000000000),
		UINT64_C(10000000000000000),
		UINT64_C(100000000000000000),
		UINT64_C(1000000000000000000),
		UINT64_C(10000000000000000000),
	};
	/* From the number of bits: 1233 / 4096 is a little more than log10(2). */
	size_t least = (size_t)(64 - __builtin_clzll(number | 1)) * 1233 >> 12;

	return least + (number >= powers[least]);
}

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

static inline void format_pair(char *to, size_t number)
{
	memcpy(to, pairs + number * 2, 2);
}

char *format_digits(char *at, uint64_t number, size_t digits)
{
	char *end = at + digits;
	uint32_t low;

	for (; digits >= 2 && number > UINT32_MAX; number /= 100)
		format_pair(at + (digits -= 2), number % 100);
	/* 32 bits take half the instructions, and suffice for most numbers. */
	for (low = (uint32_t)number; digits >= 2; low /= 100)
		format_pair(at + (digits -= 2), low % 100);
	if (digits)
		*at = (char)('0' + low % 10);
	return end;
}

char *format_number(char *at, uint64_t number)
{
	if (number < 10)
		return format_char(at, (char)('0' + number));
	return format_digits(at, number, count_digits(number));
}

char *format_signed(char *at, int64_t number)
{
	if (number >= 0)
		return format_number(at, (uint64_t)number);
	return format_number(format_char(at, '-'), -(uint64_t)number);
}

#define HEX_16(high)                                                                               \
	high "0" high "1" high "2" high "3" high "4" high "5" high "6" high "7" high "8" high      \
	     "9" high "a" high "b" high "c" high "d" high "e" high "f"

static const char hex_pairs[] = HEX_16("0") HEX_16("1") HEX_16("2") HEX_16("3") HEX_16("4")
	HEX_16("5") HEX_16("6") HEX_16("7") HEX_16("8") HEX_16("9") HEX_16("a") HEX_16("b")
		HEX_16("c") HEX_16("d") HEX_16("e") HEX_16("f");

char *format_hex32(char *at, uint32_t number)
{
	size_t place;

#pragma GCC unroll 4
	for (place = 8; place; number >>= 8) {
		place -= 2;
		memcpy(at + place, hex_pairs + (number & 0xff) * sizeof(uint16_t), 2);
	}
	return at + 8;
}

char *format_ns(char *at, uint64_t ns, uint64_t unit, unsigned int places)
{
	uint64_t parts = 1;
	unsigned int i;

	for (i = 0; i < places; i++)
		parts *= 10;
	/* Round to the last place. */
	ns += unit / parts / 2;
	at = format_char(format_number(at, ns / unit), '.');
	return format_digits(at, ns % unit / (unit / parts), places);
}

static inline char *format_octet(char *at, unsigned int octet)
{
	if (octet >= 100) {
		at = format_char(at, (char)('0' + octet / 100));
		format_pair(at, octet % 100);
		return at + 2;
	}
	if (octet < 10)
		return format_char(at, (char)('0' + octet));
	format_pair(at, octet);
	return at + 2;
}

static char *format_ipv4(char *at, const uint8_t *address)
{
	at = format_char(format_octet(at, address[0]), '.');
	at = format_char(format_octet(at, address[1]), '.');
	at = format_char(format_octet(at, address[2]), '.');
	return format_octet(at, address[3]);
}

static char *format_hex16(char *at, uint16_t number)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift && !(number >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		at = format_char(at, digits[number >> shift & 0xf]);
	return at;
}

#define GROUPS 8

/* Find the first of the longest runs of at least two zero groups. Returns its length, or 0. */
static int find_zeros(const uint16_t *groups, int *first)
{
	int i, length = 0, longest = 1;

	for (i = 0; i < GROUPS; i++) {
		length = groups[i] ? 0 : length + 1;
		if (length > longest) {
			longest = length;
			*first = i + 1 - length;
		}
	}
	return longest > 1 ? longest : 0;
}

/* RFC 5952, with embedded IPv4, like inet_ntop(), which takes thousands of instructions. */
static char *format_ipv6(char *at, const uint8_t *address)
{
	const uint8_t *bytes = address;
	uint16_t groups[GROUPS];
	int i, first = -1, zeros;
	bool embedded;

	for (i = 0; i < GROUPS; i++, bytes += 2)
		groups[i] = (uint16_t)(bytes[0] << 8 | bytes[1]);
	zeros = find_zeros(groups, &first);
	embedded = first == 0 && (zeros == 6 || (zeros == 5 && groups[5] == 0xffff));
	for (i = 0; i < (embedded ? GROUPS - 2 : GROUPS); i++) {
		if (zeros && i == first) {
			at = format_string(at, "::");
			i += zeros - 1;
			continue;
		}
		at = format_hex16(at, groups[i]);
		if (i + 1 < GROUPS && i + 1 != first)
			at = format_char(at, ':');
	}
	return embedded ? format_ipv4(at, address + 12) : at;
}

char *format_address(char *at, uint8_t family, const uint8_t *address)
{
	switch (family) {
	case AF_INET:
		return format_ipv4(at, address);
	case AF_INET6:
		return format_ipv6(at, address);
	default:
		return format_char(at, '?');
	}
}

char *format_spaces(char *at, const char *end)
{
	size_t count = at < end ? (size_t)(end - at) : 1;

	memset(at, ' ', count);
	return at + count;
}
