/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STOP_SIGNALS_H
#define STOP_SIGNALS_H

/*
 * Block SIGINT and SIGTERM, and return a descriptor that becomes readable when one arrives; -1 after an error,
 * which is logged. They also interrupt a wait for the reader of standard error.
 */
int stop_signals_open(void);

/* Unblock them: a second signal ends the process immediately. */
void stop_signals_unblock(void);

#endif /* STOP_SIGNALS_H */
