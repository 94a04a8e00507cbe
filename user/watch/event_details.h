/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The details of an event as text: what follows the columns that all events have. */
#ifndef EVENT_DETAILS_H
#define EVENT_DETAILS_H

#include <stdbool.h>

#include "watch/watch.h"

/* Enough bytes for any details. */
#define DETAILS_MAX 896

/*
 * Format the details, the most important ones first. brief is for a narrow terminal: it omits addresses of this
 * host, and of subflows that have IDs.
 */
char *format_details(char *at, const struct watch_record *record, bool brief);

#endif /* EVENT_DETAILS_H */
