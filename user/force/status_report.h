/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What 'status' prints of an attached scope. */
#ifndef STATUS_REPORT_H
#define STATUS_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "attached.h"

struct json_object;

/* The scope to describe: the one in force or, if there is none, the last that can be read; or NULL. */
const struct pinned_scope *status_scope(const struct attached *attached);

/* A time in RFC 3339, in UTC, such as "2026-01-31T12:00:00Z", into 32 bytes. */
void status_format_time(uint64_t since_ns, char *text);

/* The path of a rule for a cgroup; free it. NULL: out of memory, or cgroup v2 is not mounted. */
char *status_cgroup_path(const struct force_pinned_rule *rule);

void status_print_text(FILE *out, const struct attached *attached);

/* An object, which the caller owns. */
struct json_object *status_json(const struct attached *attached);

#endif /* STATUS_REPORT_H */
