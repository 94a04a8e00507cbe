/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The output of 'check': what this host has, what is missing, and the remedy; as text or JSON. */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "exit_status.h"
#include "requirements.h"

struct check_report;

/*
 * Parse the command line of 'check', of which doc is the help, and begin. NULL without memory, which is
 * logged.
 */
struct check_report *check_report_begin(const char *doc, int argc, char **argv);

/* Look for each of these and add it. Returns the exit status for the first that is missing. */
enum exit_status check_report_requirements(struct check_report *report,
					   const enum requirement_id *ids, size_t count);

/* Add an event, and the kernel function that it lacks, or NULL. */
void check_report_event(struct check_report *report, const char *name, const char *missing);

/* Print the conclusion, "this host can ACTION" or "cannot", and free the report. Returns the status. */
enum exit_status check_report_end(struct check_report *report, const char *action,
				  enum exit_status status);

#endif /* CHECK_REPORT_H */
