/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STOP_SIGNALS_H
#define STOP_SIGNALS_H

/*
 * Block SIGINT and SIGTERM, and return a descriptor that can be read when one has come; -1 after an error,
 * which is logged. Writing to standard error gives way to them.
 */
int stop_signals_open(void);

/* Unblock them: a second one ends the process at once. */
void stop_signals_unblock(void);

#endif /* STOP_SIGNALS_H */
