/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether this process can open as many files as a tool needs. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include "exit_status.h"

/* More than either tool ever has open: each program, map and link of the kernel takes one. */
#define DESCRIPTORS_NEEDED 160

/*
 * Before anything is opened or attached: that many more can be open. Otherwise, calls that fail later would look like
 * something that the kernel lacks. Returns an exit status.
 */
enum exit_status descriptors_require(const char *action);

/* Log that the action failed for lack of them: err is -EMFILE or -ENFILE. */
void descriptors_explain(const char *action, int err);

#endif /* DESCRIPTORS_H */
