/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output of 'check', as text or JSON: what this host has, what is missing, and the remedy. */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "exit_status.h"
#include "requirements.h"

struct check_report;

/*
 * Parse the command line of 'check' and begin the report; doc is the text of --help. Returns NULL if there is
 * no memory, which is logged.
 */
struct check_report *check_report_begin(const char *doc, int argc, char **argv);

/* Check and add each of these. Returns the exit status for the first one that is missing. */
enum exit_status check_report_requirements(struct check_report *report,
					   const enum requirement_id *ids, size_t count);

/* Add an event. missing: the kernel function that it needs and this kernel lacks, or NULL. */
void check_report_event(struct check_report *report, const char *name, const char *missing);

/* Print the conclusion, "this host can ACTION" or "cannot", and free the report. Returns the status. */
enum exit_status check_report_end(struct check_report *report, const char *action,
				  enum exit_status status);

#endif /* CHECK_REPORT_H */
