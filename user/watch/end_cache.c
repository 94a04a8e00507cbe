// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "end_cache.h"
#include "format.h"

#define ENDS 256

/* A copy of constant size compiles to a few moves; IPv4 needs only the short one. */
#define SHORT_END   32
#define LONGEST_END 56

struct cached_end {
	uint64_t address[2]; /* bytes in network byte order */
	uint16_t port;
	uint8_t family;
	uint8_t length; /* 0: nothing yet */
	char bytes[LONGEST_END];
};

static struct cached_end *place_of(const uint8_t *address, uint16_t port)
{
	static struct cached_end cache[ENDS];
	uint32_t first, last;

	/* The bytes that usually differ; IPv4 has only the first. */
	memcpy(&first, address, sizeof(first));
	memcpy(&last, address + 12, sizeof(last));
	return &cache[((first ^ last ^ port) * 2654435761U >> 24) % ENDS];
}

static size_t format_uncached(char *bytes, uint8_t family, const uint8_t *address, uint16_t port)
{
	bool ipv6 = family == AF_INET6;
	char *at = bytes;

	if (ipv6)
		at = format_char(at, '[');
	at = format_address(at, family, address);
	at = ipv6 ? format_string(at, "]:") : format_char(at, ':');
	return (size_t)(format_number(at, ntohs(port)) - bytes);
}

char *format_end(char *at, uint8_t family, const uint8_t *address, uint16_t port)
{
	struct cached_end *place = place_of(address, port);
	uint64_t halves[2];

	memcpy(halves, address, sizeof(halves));
	if (!place->length || place->port != port || place->family != family ||
	    place->address[0] != halves[0] || place->address[1] != halves[1]) {
		place->length = (uint8_t)format_uncached(place->bytes, family, address, port);
		place->port = port;
		place->family = family;
		memcpy(place->address, halves, sizeof(halves));
	}
	memcpy(at, place->bytes, SHORT_END);
	if (place->length > SHORT_END)
		memcpy(at + SHORT_END, place->bytes + SHORT_END, LONGEST_END - SHORT_END);
	return at + place->length;
}
