/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments of options. An invalid argument is a usage error, which ends the process. */
#ifndef PARSE_H
#define PARSE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a text is a decimal number from least to most, without blanks or a sign. Stores the number. */
bool read_number(const char *text, unsigned long least, unsigned long most, unsigned long *number);

/* A decimal number, from least to most. option is its name with the dashes. */
unsigned long parse_number(const char *option, const char *text, unsigned long least,
			   unsigned long most);

/* A duration: a number of seconds, or a number with one of the units s, m, h and d. In seconds. */
unsigned long parse_duration(const char *option, const char *text);

/* The name of a process or thread, into size bytes, padded with zeros. */
void parse_comm(const char *option, const char *text, char *comm, size_t size);

#endif /* PARSE_H */
