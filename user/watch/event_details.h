/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is particular to an event, for people. */
#ifndef EVENT_DETAILS_H
#define EVENT_DETAILS_H

#include <stdbool.h>

#include "watch/watch.h"

/* Bytes that any details fit in. */
#define DETAILS_MAX 896

/*
 * The details of an event, with what matters first; brief is for a narrow terminal: without addresses of
 * this host, or of subflows that have ids.
 */
char *format_details(char *at, const struct watch_record *record, bool brief);

#endif /* EVENT_DETAILS_H */
