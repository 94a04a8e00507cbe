/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_H
#define CHECK_H

#include "common/exit_status.h"

/* mptcp-watch check: report whether this host is supported. Returns the exit status of the tool. */
int check_main(int argc, char **argv);

/* Check the requirements. Returns an exit status. */
enum exit_status watch_require(void);

#endif /* CHECK_H */
