/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The BPF programs on the kernel's hooks, and their maps. All enforcers of a host share one attachment, so that
 * the cost of a socket does not depend on their number. The first one attaches, and the others find the attachment
 * by the kernel's IDs. It disappears with the last descriptor that any of them holds. Finding it requires
 * CAP_SYS_ADMIN; an enforcer without it attaches its own programs.
 */
#ifndef ATTACHMENT_H
#define ATTACHMENT_H

#include "attachment_fds.h"
#include "common/exit_status.h"

/* Find the attachment of this host, or create it. Returns an exit status. */
enum exit_status attachment_open(struct attachment *attachment);

/* Create an attachment as a test, and close it immediately. Returns an exit status. */
enum exit_status attachment_try(void);

#endif /* ATTACHMENT_H */
