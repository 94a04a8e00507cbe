// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "line.h"

void line_add_bytes(struct line *line, const char *bytes, size_t length)
{
	size_t room = sizeof(line->text) - line->length;

	if (length > room)
		length = room;
	memcpy(line->text + line->length, bytes, length);
	line->length += length;
}

/* Of 2^64 - 1. */
#define DIGITS_MAX 20

/* Most instructions of a line are for numbers: no division here, then one for two digits. */
static size_t count_digits(uint64_t number)
{
	uint64_t limit = 10;
	size_t count = 1;

	for (; number >= limit && count < DIGITS_MAX; limit *= 10)
		count++;
	return count;
}

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

void line_add_number(struct line *line, uint64_t number, unsigned int digits)
{
	size_t length = count_digits(number), place;
	char *text = line->text + line->length;

	if (length < digits)
		length = digits;
	if (length > sizeof(line->text) - line->length)
		return;
	line->length += length;
	for (place = length; place >= 2; number /= 100) {
		place -= 2;
		memcpy(text + place, pairs + number % 100 * 2, 2);
	}
	if (place)
		*text = (char)('0' + number);
}

void line_add_signed(struct line *line, int64_t number)
{
	if (number < 0)
		line_add_char(line, '-');
	line_add_number(line, number < 0 ? -(uint64_t)number : (uint64_t)number, 1);
}

void line_add_hex32(struct line *line, uint32_t number)
{
	static const char digits[] = "0123456789abcdef";
	char *text = line->text + line->length;
	unsigned int shift = 32;

	if (sizeof(line->text) - line->length < 8)
		return;
	line->length += 8;
	while (shift) {
		shift -= 4;
		*text++ = digits[number >> shift & 0xf];
	}
}

void line_add_ns(struct line *line, uint64_t ns, uint64_t unit, unsigned int places)
{
	uint64_t parts = 1;
	unsigned int i;

	for (i = 0; i < places; i++)
		parts *= 10;
	/* Rounded to the last place. */
	ns += unit / parts / 2;
	line_add_number(line, ns / unit, 1);
	line_add_char(line, '.');
	line_add_number(line, ns % unit / (unit / parts), places);
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

void line_add_address(struct line *line, uint8_t family, const uint8_t *address)
{
	size_t size = family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
	struct known_address *place;

	if (family != AF_INET && family != AF_INET6) {
		line_add_char(line, '?');
		return;
	}
	place = place_of(address, size);
	if (place->family != family || memcmp(place->bytes, address, size) != 0) {
		inet_ntop(family, address, place->text, sizeof(place->text));
		place->length = (uint8_t)strlen(place->text);
		memcpy(place->bytes, address, size);
		place->family = family;
	}
	line_add_bytes(line, place->text, place->length);
}

void line_pad(struct line *line, size_t column)
{
	size_t length = line->length < column ? column - line->length : 1;

	if (length > sizeof(line->text) - line->length)
		length = sizeof(line->text) - line->length;
	memset(line->text + line->length, ' ', length);
	line->length += length;
}
