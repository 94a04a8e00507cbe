/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOG_H
#define LOG_H

/* What goes to standard error. Each level includes the ones before it. */
enum log_level {
	LOG_WARNINGS, /* -q: errors and warnings only */
	LOG_NOTICES,  /* what is printed without asking */
	LOG_DEBUG,    /* -v: libbpf's own messages too */
};

/*
 * Set the level, and print libbpf's messages as log_debug() does. Where standard error is the journal,
 * each line begins with its priority (sd-daemon(3)).
 *
 * A message is one line: control characters in it are escaped. One that a stalled reader does not take
 * in time is dropped; the next that it takes says how many were.
 */
void log_start(enum log_level level);

/* An error, after the program's name: what, of what, why, and what to do. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, for what the tool goes on in spite of; also where only errors are printed. */
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line without a prefix: part of the command-line contract ("enforcing ..."). */
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* LOG_H */
