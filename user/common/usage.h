/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors on the command line. */
#ifndef USAGE_H
#define USAGE_H

/* The command whose usage errors are printed, such as "mptcp-force run". */
void usage_set_name(const char *name);

/* Print the error, prefixed with the name of the command, and usage_hint(); then exit with STATUS_USAGE. */
_Noreturn void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print how to get help. */
void usage_hint(void);

#endif /* USAGE_H */
