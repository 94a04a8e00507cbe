/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOG_H
#define LOG_H

/* Which messages are printed. Each level includes those before it. */
enum log_level {
	LOG_WARNINGS, /* -q: errors and warnings only */
	LOG_NOTICES,  /* the default */
	LOG_DEBUG,    /* -v: also libbpf's messages */
};

/*
 * Set the level, and route libbpf's messages to log_debug(). If standard error is the journal, each line
 * starts with its priority (sd-daemon(3)).
 *
 * A message is one line: control characters are escaped. A message is dropped if the reader has stalled; once
 * it reads again, a warning reports how many were dropped.
 */
void log_start(enum log_level level);

/* An error, prefixed with the program's name: the action, its object, the reason, and the remedy. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, if the tool continues in spite of it. Printed even with -q. */
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line without a prefix, such as "enforcing ...": users and tests rely on these. */
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* LOG_H */
