// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "exit_status.h"
#include "usage.h"

static const char *command_name;

void usage_set_name(const char *name)
{
	command_name = name;
}

static const char *name(void)
{
	return command_name ? command_name : program_invocation_short_name;
}

void usage_hint(void)
{
	fprintf(stderr, "Try '%s --help' for more information.\n", name());
}

void usage_error(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", name());
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	usage_hint();
	exit(STATUS_USAGE);
}
