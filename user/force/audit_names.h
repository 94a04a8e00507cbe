/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of programs and cgroups, which may have any bytes. */
#ifndef AUDIT_NAMES_H
#define AUDIT_NAMES_H

#include <stdio.h>

#include "audit_report.h"

/* Print them escaped as in a JSON string, for terminals too. A path that was cut begins with "...". */
void audit_print_name(FILE *out, const char *name, size_t length);
void audit_print_comm(FILE *out, const struct audit_key *key);
void audit_print_path(FILE *out, const struct audit_path *path);

#endif /* AUDIT_NAMES_H */
