// SPDX-License-Identifier: GPL-2.0-or-later
#include <limits.h>
#include <stdlib.h>

#include "sockopts.h"

/* # and ## take the name as it is written; elsewhere a header may make it a number. */
#define ROW(at, option, num, cls, krn, whn, val, least, most, uns, why)                            \
	[SOCKOPT_ROW_##option] = {                                                                 \
		.level = SOCKOPT_LEVEL_##at,                                                       \
		.number = (num),                                                                   \
		.name = #option,                                                                   \
		.class = SOCKOPT_##cls,                                                            \
		.kernel = SOCKOPT_KERNEL_##krn,                                                    \
		.when = SOCKOPT_WHEN_##whn,                                                        \
		.value = SOCKOPT_VALUE_##val,                                                      \
		.min = (least),                                                                    \
		.max = (most),                                                                     \
		.unset = SOCKOPT_##uns,                                                            \
		.reason = (why),                                                                   \
	},

const struct sockopt sockopts[SOCKOPT_ROWS] = { SOCKOPTS(ROW) };

static int compare(const void *key, const void *element)
{
	const struct sockopt *wanted = key, *row = element;

	if (wanted->level != row->level)
		return wanted->level < row->level ? -1 : 1;
	return (wanted->number > row->number) - (wanted->number < row->number);
}

const struct sockopt *sockopt_find(int level, int number)
{
	const struct sockopt key = { .level = (enum sockopt_level)level, .number = number };

	return bsearch(&key, sockopts, SOCKOPT_ROWS, sizeof(sockopts[0]), compare);
}

const char *sockopt_class_word(enum sockopt_class class)
{
	static const char *const words[SOCKOPT_CLASSES] = {
		[SOCKOPT_APPLIED] = "applied",
		[SOCKOPT_REMEMBERED] = "remembered",
		[SOCKOPT_REFUSED] = "refused",
	};

	return words[class];
}

const char *sockopt_level_word(enum sockopt_level level)
{
	switch (level) {
	case SOCKOPT_LEVEL_IP:
		return "IPPROTO_IP";
	case SOCKOPT_LEVEL_SOCKET:
		return "SOL_SOCKET";
	case SOCKOPT_LEVEL_TCP:
		return "IPPROTO_TCP";
	default:
		return "IPPROTO_IPV6";
	}
}
