/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The BPF side of an audit: its programs, attached for a scope, and what they noted. */
#ifndef AUDITOR_H
#define AUDITOR_H

#include "audit_report.h"
#include "common/exit_status.h"
#include "scope.h"

struct auditor;

/* Load and attach, if this kernel and this caller can; nothing is noted yet. Returns an exit status. */
enum exit_status auditor_open(struct auditor **auditor);

/* From here on, note what the programs of a resolved scope do. Returns an exit status. */
enum exit_status auditor_start(struct auditor *auditor, struct scope *scope);

/* Add what was noted to a report. Returns an exit status. */
enum exit_status auditor_read(const struct auditor *auditor, struct audit_report *report);

void auditor_close(struct auditor *auditor);

#endif /* AUDITOR_H */
