/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decision table of the option bridge, for messages and reports. */
#ifndef SOCKOPTS_H
#define SOCKOPTS_H

#include <stddef.h>

#include "common/sockopt_table.h"

struct sockopt {
	enum sockopt_level level;
	int number;
	const char *name; /* as in the kernel's headers */
	enum sockopt_class class;
	enum sockopt_kernel kernel;
	enum sockopt_when when;
	enum sockopt_value value;
	int min, max;
	enum sockopt_unset unset;
	const char *reason;
};

/* All of them, by enum sockopt_row. */
extern const struct sockopt sockopts[SOCKOPT_ROWS];

/* The row of an option; NULL if it works on an MPTCP socket as on a TCP socket, or on neither. */
const struct sockopt *sockopt_find(int level, int number);

/* "applied", "remembered" or "refused". */
const char *sockopt_class_word(enum sockopt_class class);

/* The level as setsockopt(2) calls are written: "SOL_SOCKET", "IPPROTO_TCP", ... */
const char *sockopt_level_word(enum sockopt_level level);

#endif /* SOCKOPTS_H */
