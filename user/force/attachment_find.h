/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the attachment of this host by the kernel's IDs of links, programs and maps. */
#ifndef ATTACHMENT_FIND_H
#define ATTACHMENT_FIND_H

#include <stdbool.h>

#include "attachment.h"

/* Open the attachment of another enforcer. Returns whether there is one that we may open. */
bool attachment_find(struct attachment *attachment);

/* Whether it has all objects that are needed on every kernel. */
bool attachment_is_whole(const struct attachment *attachment);

#endif /* ATTACHMENT_FIND_H */
