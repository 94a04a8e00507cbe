// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/libbpf.h>

#include "log.h"
#include "rejection.h"
#include "standard_error.h"

/* The priorities of syslog(3). */
enum priority {
	PRIORITY_ERROR = 3,
	PRIORITY_WARNING = 4,
	PRIORITY_INFO = 6,
	PRIORITY_DEBUG = 7,
};

static enum log_level log_level = LOG_NOTICES;
static bool to_journal;

/* Messages dropped because the reader stalled, and not yet reported. */
static unsigned long dropped;

/* See $JOURNAL_STREAM in systemd.exec(5). */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64]; /* two numbers of 64 bits */
	struct stat status;

	if (!stream || fstat(fileno(stderr), &status))
		return false;
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
	return strcmp(stream, own) == 0;
}

/* ASCII control characters except the tab, and the C1 control characters in UTF-8 (U+0080 to U+009F). */
static bool is_control(const char *text)
{
	unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];

	return (first < ' ' && first != '\t') || first == 0x7f ||
	       (first == 0xc2 && second >= 0x80 && second <= 0x9f);
}

/* For example, a newline in the name of a cgroup must not start another line. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (is_control(text))
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			fputc(*text, out);
	}
}

/* Write a line. kind follows the program's name; NULL: no prefix at all. */
static bool write_line(enum priority priority, const char *kind, const char *text)
{
	char *line = NULL;
	size_t length;
	bool written = false;
	FILE *out = open_memstream(&line, &length);

	if (!out)
		return false;
	if (to_journal)
		fprintf(out, "<%d>", priority);
	if (kind)
		fprintf(out, "%s: %s", program_invocation_short_name, kind);
	put_escaped(out, text);
	fputc('\n', out);
	if (fclose(out) == 0)
		written = standard_error_write(line, length);
	free(line);
	return written;
}

static void report_dropped(void)
{
	char text[128];

	snprintf(text, sizeof(text), "%lu message%s dropped because standard error was not read",
		 dropped, dropped == 1 ? " was" : "s were");
	if (write_line(PRIORITY_WARNING, "warning: ", text))
		dropped = 0;
}

static void print_line(enum priority priority, const char *kind, const char *text)
{
	if (dropped)
		report_dropped();
	if (dropped || !write_line(priority, kind, text))
		dropped++;
}

static void print(enum priority priority, const char *kind, const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	print_line(priority, kind, text);
	free(text);
}

/* A message from libbpf, such as the verifier's log, can have many lines. */
static int print_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	enum priority priority = level == LIBBPF_WARN ? PRIORITY_WARNING : PRIORITY_DEBUG;
	char *text, *line, *rest;

	if ((log_level < LOG_DEBUG && level != LIBBPF_WARN) || vasprintf(&text, format, args) < 0)
		return 0;
	if (level == LIBBPF_WARN)
		rejection_note(text);
	rest = log_level < LOG_DEBUG ? NULL : text;
	while ((line = strsep(&rest, "\n")) && (rest || *line))
		print_line(priority, NULL, line);
	free(text);
	return 0;
}

void log_start(enum log_level level)
{
	log_level = level;
	to_journal = stderr_is_journal();
	standard_error_open();
	setvbuf(stderr, NULL, _IOLBF, 0);
	libbpf_set_print(print_libbpf);
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(PRIORITY_ERROR, "", format, args);
	va_end(args);
}

void log_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print(PRIORITY_WARNING, "warning: ", format, args);
	va_end(args);
}

void log_notice(const char *format, ...)
{
	va_list args;

	if (log_level < LOG_NOTICES)
		return;
	va_start(args, format);
	print(PRIORITY_INFO, NULL, format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	va_list args;

	if (log_level < LOG_DEBUG)
		return;
	va_start(args, format);
	print(PRIORITY_DEBUG, "", format, args);
	va_end(args);
}
