// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include <bpf/libbpf.h>

#include "log.h"

static enum log_level log_level = LOG_NOTICES;

static int print_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	return log_level >= LOG_DEBUG ? vfprintf(stderr, format, args) : 0;
}

void log_start(enum log_level level)
{
	log_level = level;
	setvbuf(stderr, NULL, _IOLBF, 0);
	libbpf_set_print(print_libbpf);
}

static void print_line(const char *prefix, const char *format, va_list args)
{
	flockfile(stderr);
	if (prefix)
		fprintf(stderr, "%s: ", prefix);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	funlockfile(stderr);
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(program_invocation_short_name, format, args);
	va_end(args);
}

void log_notice(const char *format, ...)
{
	va_list args;

	if (log_level < LOG_NOTICES)
		return;
	va_start(args, format);
	print_line(NULL, format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	va_list args;

	if (log_level < LOG_DEBUG)
		return;
	va_start(args, format);
	print_line(program_invocation_short_name, format, args);
	va_end(args);
}
