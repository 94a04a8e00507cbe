// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every call that is tried on a socket, with one word of output for each:
 *
 *	4:1         getsockopt() returned 4 bytes, the number 1; other lengths are in hexadecimal, up to SHOWN bytes
 *	EINVAL      it failed
 *	0>4:1       setsockopt() succeeded, and then getsockopt() returned 1
 *	!length=9 !buffer !beyond
 *	            appended when a call that failed changed the length or the buffer, or one that succeeded wrote more
 *	            than it says
 *	-           there is no such value for this option
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "probe.h"

#define AREA (128 * 1024)
/* Bytes of an answer that are printed, and those that are examined. */
#define SHOWN	 64
#define EXAMINED 128
#define FILLER	 0x5a

/* Memory that ends at a page that cannot be accessed. */
static unsigned char *area;

enum place {
	START,
	EDGE, /* the last bytes of the area, as many as the value has */
	NOWHERE,
	UNMAPPED,
	KERNEL,
};

struct set {
	const char *name;
	enum place place;
	int optlen;
	int size;
	int64_t value;
};

struct get {
	const char *name;
	enum place place;
	int optlen;
	/* Where optlen is. */
	enum place length_place;
};

#define NUMBER(value)                                                                              \
	{                                                                                          \
		"set " #value, START, 4, 4, value                                                  \
	}
#define LENGTH(length, value)                                                                      \
	{                                                                                          \
		"set " #value " in " #length " bytes", START, length, 8, value                     \
	}

static const struct set sets[] = {
	NUMBER(0),
	NUMBER(1),
	NUMBER(2),
	NUMBER(3),
	NUMBER(10),
	NUMBER(64),
	NUMBER(88),
	NUMBER(127),
	NUMBER(128),
	NUMBER(255),
	NUMBER(256),
	NUMBER(1000),
	NUMBER(32767),
	NUMBER(32768),
	NUMBER(65535),
	NUMBER(65536),
	NUMBER(2147483647),
	NUMBER(-1),
	NUMBER(-2),
	NUMBER(-2147483648),
	LENGTH(0, 1),
	LENGTH(1, 1),
	LENGTH(1, 255),
	LENGTH(2, 1),
	LENGTH(3, 1),
	LENGTH(5, 2),
	LENGTH(8, 1),
	LENGTH(8, 4294967296),
	LENGTH(8, -1),
	LENGTH(16, 3),
	LENGTH(64, 1),
	LENGTH(136, 1),
	LENGTH(4096, 2),
	LENGTH(4097, 1),
	LENGTH(65536, 2),
	{ "set 1 in INT_MAX bytes", START, INT_MAX, 8, 1 },
	{ "set 1 in -1 bytes", START, -1, 8, 1 },
	{ "set 1 in INT_MIN bytes", START, INT_MIN, 8, 1 },
	{ "set NULL in 0 bytes", NOWHERE, 0, 0, 0 },
	{ "set NULL in 4 bytes", NOWHERE, 4, 0, 0 },
	{ "set NULL in -1 bytes", NOWHERE, -1, 0, 0 },
	{ "set unmapped in 0 bytes", UNMAPPED, 0, 0, 0 },
	{ "set unmapped in 4 bytes", UNMAPPED, 4, 0, 0 },
	{ "set kernel memory in 4 bytes", KERNEL, 4, 0, 0 },
	{ "set 1 before unmapped in 4 bytes", EDGE, 4, 4, 1 },
	{ "set 2 before unmapped in 8 bytes", EDGE, 8, 4, 2 },
	{ "set half unmapped in 4 bytes", EDGE, 4, 2, 1 },
};

static const struct get gets[] = {
	{ "get 0 bytes", START, 0, START },
	{ "get 1 byte", START, 1, START },
	{ "get 2 bytes", START, 2, START },
	{ "get 3 bytes", START, 3, START },
	{ "get 4 bytes", START, 4, START },
	{ "get 5 bytes", START, 5, START },
	{ "get 8 bytes", START, 8, START },
	{ "get 16 bytes", START, 16, START },
	{ "get 4096 bytes", START, 4096, START },
	{ "get 4097 bytes", START, 4097, START },
	{ "get 65536 bytes", START, 65536, START },
	{ "get INT_MAX bytes", START, INT_MAX, START },
	{ "get -1 bytes", START, -1, START },
	{ "get INT_MIN bytes", START, INT_MIN, START },
	{ "get 0 bytes to NULL", NOWHERE, 0, START },
	{ "get 4 bytes to NULL", NOWHERE, 4, START },
	{ "get 4 bytes to unmapped", UNMAPPED, 4, START },
	{ "get 4 bytes to kernel memory", KERNEL, 4, START },
	{ "get 4 bytes before unmapped", EDGE, 4, START },
	{ "get 8 bytes, 4 of them unmapped", EDGE, 8, START },
	{ "get with a length at NULL", START, 4, NOWHERE },
	{ "get with a length at unmapped", START, 4, UNMAPPED },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void steps_init(void)
{
	area = mmap(NULL, AREA + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED || mprotect(area + AREA, 4096, PROT_NONE) < 0)
		give_up("map memory");
}

static void *pointer_to(enum place place, int size)
{
	switch (place) {
	case EDGE:
		return area + AREA - size;
	case NOWHERE:
		return NULL;
	case UNMAPPED:
		return area + AREA;
	case KERNEL:
		return (void *)0xffff888000000000;
	case START:
		break;
	}
	return area;
}

void print_error(int error)
{
	fputs(error == 0 ? "0" : strerrorname_np(error), stdout);
}

static void print_bytes(const unsigned char *bytes, int length)
{
	int number, last = length < SHOWN ? length : SHOWN;

	if (length == sizeof(number)) {
		memcpy(&number, bytes, sizeof(number));
		printf("4:%d", number);
		return;
	}
	printf("%d:", length);
	/* The length is known: trailing zeros add nothing. */
	while (last > 0 && bytes[last - 1] == 0)
		last--;
	for (int i = 0; i < last; i++)
		printf("%02x", bytes[i]);
}

static bool untouched(const unsigned char *bytes, int from)
{
	for (int i = from; i < EXAMINED; i++) {
		if (bytes[i] != FILLER)
			return false;
	}
	return true;
}

static void print_get(int fd, const struct option *option, const struct get *get)
{
	unsigned char *value = pointer_to(get->place, 4);
	bool mapped = get->place == START;
	int length = get->optlen;
	int *length_at = get->length_place == START ? &length : pointer_to(get->length_place, 0);

	memset(area, FILLER, EXAMINED);
	if (getsockopt(fd, option->level, option->number, value, (socklen_t *)length_at) < 0) {
		print_error(errno);
		if (length != get->optlen)
			printf("!length=%d", length);
		if (!untouched(area, 0))
			fputs("!buffer", stdout);
		return;
	}
	if (mapped || (get->place == EDGE && length <= 4))
		print_bytes(value, length);
	else
		printf("%d:", length);
	if (mapped && !untouched(area, length < 0 ? 0 : length))
		fputs("!beyond", stdout);
}

void print_value(int fd, const struct option *option)
{
	static const struct get whole = { "", START, 64, START };

	print_get(fd, option, &whole);
}

static void print_set_bytes(int fd, const struct option *option, const void *value, int optlen)
{
	int status = setsockopt(fd, option->level, option->number, value, (socklen_t)optlen);

	print_error(status < 0 ? errno : 0);
	putchar('>');
	print_value(fd, option);
}

static void print_set(int fd, const struct option *option, const struct set *set)
{
	unsigned char *value = pointer_to(set->place, set->size);

	memset(area, 0, EXAMINED);
	if (set->size > 0)
		memcpy(value, &set->value, (size_t)set->size);
	print_set_bytes(fd, option, value, set->optlen);
}

static void print_special(int fd, const struct option *option, size_t index)
{
	const struct special *special = special_value(option, index);

	if (special)
		print_set_bytes(fd, option, special->bytes, special->size);
	else
		putchar('-');
}

/* A good value; returns the error. */
int set_common(int fd, const struct option *option)
{
	const struct special *special = special_value(option, 0);
	int one = 1, status;

	status = setsockopt(fd, option->level, option->number, special ? special->bytes : &one,
			    special ? (socklen_t)special->size : sizeof(one));
	return status < 0 ? errno : 0;
}

void print_step_names(void)
{
	fputs("steps\tfirst get", stdout);
	for (size_t i = 0; i < COUNT(gets); i++)
		printf("\tfirst %s", gets[i].name);
	for (size_t i = 0; i < SPECIAL_VALUES; i++)
		printf("\tset special value %zu", i + 1);
	for (size_t i = 0; i < COUNT(sets); i++)
		printf("\t%s", sets[i].name);
	fputs("\tset a common value", stdout);
	for (size_t i = 0; i < COUNT(gets); i++)
		printf("\tthen %s", gets[i].name);
	putchar('\n');
}

void print_steps(int fd, const struct option *option)
{
	print_value(fd, option);
	for (size_t i = 0; i < COUNT(gets); i++) {
		putchar(' ');
		print_get(fd, option, &gets[i]);
	}
	for (size_t i = 0; i < SPECIAL_VALUES; i++) {
		putchar(' ');
		print_special(fd, option, i);
	}
	for (size_t i = 0; i < COUNT(sets); i++) {
		putchar(' ');
		print_set(fd, option, &sets[i]);
	}
	putchar(' ');
	print_error(set_common(fd, option));
	for (size_t i = 0; i < COUNT(gets); i++) {
		putchar(' ');
		print_get(fd, option, &gets[i]);
	}
}
