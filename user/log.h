/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOG_H
#define LOG_H

/* What goes to standard error. Each level includes the ones before it. */
enum log_level {
	LOG_ERRORS,  /* -q */
	LOG_NOTICES, /* what a user is told without asking */
	LOG_DEBUG,   /* -v: libbpf's own messages too */
};

/* Set the level, and send what libbpf has to say through log_debug(). */
void log_start(enum log_level level);

/* An error or a warning, after the program's name: what, of what, why, and what to do. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line without a prefix: part of the command-line contract ("enforcing ..."). */
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* LOG_H */
