/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SAMPLE_AUDIT_H
#define SAMPLE_AUDIT_H

#include "force/audit_report.h"

/* A program that did nothing special, in the cgroup /app.slice/COMM. */
struct audit_program sample_program(const char *comm);

/* Add a program to a report, under that name. */
void sample_add(struct audit_report *report, const char *comm, const struct audit_program *program);

/* A path as the kernel side builds it. */
void sample_path(struct audit_path *path, const char *text);

/* What a function prints about a report; to be freed by free(). */
char *sample_print(const struct audit_report *report,
		   void (*print)(const struct audit_report *report, FILE *out));

#endif /* SAMPLE_AUDIT_H */
