/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_H
#define CHECK_H

#include "common/exit_status.h"

/* mptcp-watch --check: which events this kernel has. Returns an exit status. */
enum exit_status watch_check(void);

/* Tells why nothing can be watched here, if so. Returns an exit status. */
enum exit_status watch_require(void);

#endif /* CHECK_H */
