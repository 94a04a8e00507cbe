// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "text.h"

/* Some hundred lines, so that it seldom has to grow. */
#define FIRST_ROOM 16384

bool text_grow(struct text *text, size_t length)
{
	size_t room = text->room ? text->room : FIRST_ROOM;
	char *bytes;

	while (room - text->length < length)
		room *= 2;
	bytes = realloc(text->bytes, room);
	if (!bytes) {
		text->cut = true;
		return false;
	}
	text->bytes = bytes;
	text->room = room;
	return true;
}

void text_free(struct text *text)
{
	free(text->bytes);
	*text = (struct text){ 0 };
}

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

static inline void put_pair(char *to, size_t number)
{
	memcpy(to, pairs + number * 2, 2);
}

void text_add_digits(struct text *text, uint64_t number, size_t digits)
{
	char *end = text_end(text, digits);
	uint32_t low;

	if (!end)
		return;
	text->length += digits;
	for (; digits >= 2 && number > UINT32_MAX; number /= 100)
		put_pair(end + (digits -= 2), number % 100);
	/* Half the instructions, and all that most numbers need. */
	for (low = (uint32_t)number; digits >= 2; low /= 100)
		put_pair(end + (digits -= 2), low % 100);
	if (digits)
		*end = (char)('0' + low % 10);
}

void text_add_number(struct text *text, uint64_t number)
{
	if (number < 10)
		text_add_char(text, (char)('0' + number));
	else
		text_add_digits(text, number, count_digits(number));
}

void text_add_signed(struct text *text, int64_t number)
{
	if (number < 0)
		text_add_char(text, '-');
	text_add_number(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

#define HEX_16(high)                                                                               \
	high "0" high "1" high "2" high "3" high "4" high "5" high "6" high "7" high "8" high      \
	     "9" high "a" high "b" high "c" high "d" high "e" high "f"

static const char hex_pairs[] = HEX_16("0") HEX_16("1") HEX_16("2") HEX_16("3") HEX_16("4")
	HEX_16("5") HEX_16("6") HEX_16("7") HEX_16("8") HEX_16("9") HEX_16("a") HEX_16("b")
		HEX_16("c") HEX_16("d") HEX_16("e") HEX_16("f");

void text_add_hex32(struct text *text, uint32_t number)
{
	char *end = text_end(text, 8);
	size_t place;

	if (!end)
		return;
	text->length += 8;
#pragma GCC unroll 4
	for (place = 8; place; number >>= 8) {
		place -= 2;
		memcpy(end + place, hex_pairs + (number & 0xff) * sizeof(uint16_t), 2);
	}
}

void text_add_ns(struct text *text, uint64_t ns, uint64_t unit, unsigned int places)
{
	uint64_t parts = 1;
	unsigned int i;

	for (i = 0; i < places; i++)
		parts *= 10;
	/* Rounded to the last place. */
	ns += unit / parts / 2;
	text_add_number(text, ns / unit);
	text_add_char(text, '.');
	text_add_digits(text, ns % unit / (unit / parts), places);
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

void text_add_address(struct text *text, uint8_t family, const uint8_t *address)
{
	size_t size = family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
	struct known_address *place;

	if (family != AF_INET && family != AF_INET6) {
		text_add_char(text, '?');
		return;
	}
	place = place_of(address, size);
	if (place->family != family || memcmp(place->bytes, address, size) != 0) {
		inet_ntop(family, address, place->text, sizeof(place->text));
		place->length = (uint8_t)strlen(place->text);
		memcpy(place->bytes, address, size);
		place->family = family;
	}
	text_add_bytes(text, place->text, place->length);
}

void text_pad(struct text *text, size_t length)
{
	size_t spaces = text->length < length ? length - text->length : 1;
	char *end = text_end(text, spaces);

	if (!end)
		return;
	memset(end, ' ', spaces);
	text->length += spaces;
}
