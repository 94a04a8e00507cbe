/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ends of connections as text. They account for most bytes of a line, and each appears in many lines: without
 * this cache, a line of text takes half as many instructions again (make bench).
 */
#ifndef END_CACHE_H
#define END_CACHE_H

#include <stdint.h>

/* ADDRESS:PORT or [ADDRESS]:PORT, both in network byte order; at most 56 bytes are written at all. */
char *format_end(char *at, uint8_t family, const uint8_t *address, uint16_t port);

#endif /* END_CACHE_H */
