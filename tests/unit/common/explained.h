/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How requirements_explain() explains a failure to load programs. */
#ifndef EXPLAINED_H
#define EXPLAINED_H

#include "common/exit_status.h"

/* Fails the test unless the explanation of err has this exit status, and message in its text. */
void assert_explained(int err, enum exit_status wanted, const char *message);

#endif /* EXPLAINED_H */
