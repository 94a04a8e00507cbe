/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an audit found: the programs, what they do that MPTCP changes, and a verdict on each. */
#ifndef AUDIT_REPORT_H
#define AUDIT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/sockopts.h"
#include "force/audit.h"

/* From good to bad: that on a program is the worst of those on what it does. */
enum audit_verdict {
	AUDIT_SAFE,
	AUDIT_SAFE_WITH_BRIDGE,
	AUDIT_KEEP_ON_TCP,
	AUDIT_VERDICTS,
};

/* Something that a program does, and what becomes of it under MPTCP. */
struct audit_finding {
	const struct sockopt *option; /* NULL: not an option */
	const char *name;	      /* for people */
	const char *key;	      /* in JSON, unless it is an option */
	const char *unit, *units;     /* of count: "socket", "sockets" */
	uint64_t count, set, read;    /* an option has the last two */
	enum sockopt_class class;     /* of an option, given the values that were set */
	enum audit_verdict verdict;
	const char *reason;
};

#define AUDIT_FINDINGS_MAX (SOCKOPT_ROWS + AUDIT_COUNTS)

struct audit_entry {
	struct audit_key key;
	struct audit_program program;
	enum audit_verdict verdict;
};

struct audit_report {
	char kernel[65]; /* its release, as uname -r prints it */
	char *scope;	 /* in words */
	uint64_t duration_ns;
	struct audit_entry *entries;
	size_t count;
	uint64_t dropped[AUDIT_DROPS]; /* observations that were not recorded */
	uint64_t missed;	       /* calls that the kernel skipped a probe for */
};

/* Returns false without memory. */
bool audit_report_add(struct audit_report *report, const struct audit_key *key,
		      const struct audit_program *program);

/* To be called once all are added: sorts the programs, those to be kept on TCP first. */
void audit_report_sort(struct audit_report *report);

/* What a program does that MPTCP changes, in AUDIT_FINDINGS_MAX places; returns how many. */
size_t audit_findings(const struct audit_program *program, struct audit_finding *findings);

/* How many programs have this verdict. */
size_t audit_report_count(const struct audit_report *report, enum audit_verdict verdict);

/* Print it for people, or as one JSON object. */
void audit_report_text(const struct audit_report *report, FILE *out);
void audit_report_json(const struct audit_report *report, FILE *out);

void audit_report_free(struct audit_report *report);

/* The path, of which *length bytes are known; not NUL-terminated. */
const char *audit_path(const struct audit_path *path, size_t *length);

#endif /* AUDIT_REPORT_H */
