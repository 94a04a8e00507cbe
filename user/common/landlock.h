/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Landlock, with which programs restrict themselves. */
#ifndef LANDLOCK_H
#define LANDLOCK_H

#include <stdbool.h>

/* Whether the running kernel's Landlock has rules for TCP ports (since Linux 6.7), or may have. */
bool landlock_restricts_tcp(void);

#endif /* LANDLOCK_H */
