/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_H
#define CHECK_H

#include "common/exit_status.h"

/* mptcp-watch check: what this host can do. Returns the exit status of the tool. */
int check_main(int argc, char **argv);

/* Whether this kernel and this caller can watch at all. Returns an exit status. */
enum exit_status watch_require(void);

#endif /* CHECK_H */
