/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the attachment of this host is: by the kernel's ids of links, programs and maps. */
#ifndef ATTACHMENT_FIND_H
#define ATTACHMENT_FIND_H

#include <stdbool.h>

#include "attachment.h"

/* Open the attachment that another enforcer has made. Returns whether there is one that we may open. */
bool attachment_find(struct attachment *attachment);

/* Whether it has everything that every kernel has a use for. */
bool attachment_is_whole(const struct attachment *attachment);

#endif /* ATTACHMENT_FIND_H */
