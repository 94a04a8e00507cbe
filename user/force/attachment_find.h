/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the attachment of this host by the kernel's IDs of links, programs and maps. */
#ifndef ATTACHMENT_FIND_H
#define ATTACHMENT_FIND_H

#include <stdbool.h>

#include "attachment_fds.h"

/* Open the attachment of another enforcer. Returns whether there is one that we may open. */
bool attachment_find(struct attachment *attachment);

#endif /* ATTACHMENT_FIND_H */
