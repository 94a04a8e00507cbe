// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "format.h"

/* Of 2^64 - 1. */
#define DIGITS_MAX 20

/* Most instructions of a line are for numbers: no division here, then one for two digits. */
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
	size_t count = 1;

	while (count < DIGITS_MAX && number >= powers[count])
		count++;
	return count;
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
	/* Half the instructions, and all that most numbers need. */
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
	/* Rounded to the last place. */
	ns += unit / parts / 2;
	at = format_char(format_number(at, ns / unit), '.');
	return format_digits(at, ns % unit / (unit / parts), places);
}

/*
 * The same few addresses come again and again, and inet_ntop() costs more than the rest of a line:
 * each has a place, which its bytes give, and keeps it until another one needs that.
 */
#define KNOWN_ADDRESSES 256

struct known_address {
	uint8_t family; /* 0: none yet */
	uint8_t bytes[sizeof(struct in6_addr)];
	uint8_t length;
	char text[INET6_ADDRSTRLEN];
};

static struct known_address *place_of(const uint8_t *address, size_t size)
{
	static struct known_address known[KNOWN_ADDRESSES];
	uint32_t word, hash = 0;
	size_t i;

	for (i = 0; i < size; i += sizeof(word)) {
		memcpy(&word, address + i, sizeof(word));
		hash = (hash ^ word) * 2654435761U;
	}
	return &known[hash >> 24];
}

char *format_address(char *at, uint8_t family, const uint8_t *address)
{
	size_t size = family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
	struct known_address *place;

	if (family != AF_INET && family != AF_INET6)
		return format_char(at, '?');
	place = place_of(address, size);
	if (place->family != family || memcmp(place->bytes, address, size) != 0) {
		inet_ntop(family, address, place->text, sizeof(place->text));
		place->length = (uint8_t)strlen(place->text);
		memcpy(place->bytes, address, size);
		place->family = family;
	}
	memcpy(at, place->text, place->length);
	return at + place->length;
}

char *format_spaces(char *at, const char *end)
{
	size_t count = at < end ? (size_t)(end - at) : 1;

	memset(at, ' ', count);
	return at + count;
}
