// SPDX-License-Identifier: GPL-2.0-or-later
/* The report of an audit as one JSON object, written as a stream. */
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "audit_names.h"
#include "audit_report.h"

static const char *const verdicts[AUDIT_VERDICTS] = {
	[AUDIT_SAFE] = "safe",
	[AUDIT_SAFE_WITH_BRIDGE] = "safe_with_bridge",
	[AUDIT_KEEP_ON_TCP] = "keep_on_tcp",
};

static void print_number(FILE *out, const char *key, uint64_t number)
{
	fprintf(out, ",\"%s\":%" PRIu64, key, number);
}

/* A text of ours, which needs no escapes. */
static void print_word(FILE *out, const char *key, const char *word)
{
	fprintf(out, ",\"%s\":\"%s\"", key, word);
}

static void print_finding(FILE *out, const struct audit_finding *finding)
{
	const struct sockopt *option = finding->option;

	fprintf(out, "{\"name\":\"%s\"", option ? option->name : finding->key);
	if (option) {
		print_word(out, "kind", "option");
		print_number(out, "level", (uint64_t)option->level);
		print_number(out, "optname", (uint64_t)option->number);
		print_word(out, "class", sockopt_class_word(finding->class));
		print_number(out, "set", finding->set);
		print_number(out, "read", finding->read);
	} else {
		print_word(out, "kind", strcmp(finding->unit, "socket") == 0 ? "socket" : "call");
		print_number(out, "count", finding->count);
	}
	print_word(out, "verdict", verdicts[finding->verdict]);
	print_word(out, "reason", finding->reason);
	fputc('}', out);
}

static void print_findings(FILE *out, const struct audit_program *program)
{
	struct audit_finding findings[AUDIT_FINDINGS_MAX];
	size_t count = audit_findings(program, findings), i;

	fputs(",\"findings\":[", out);
	for (i = 0; i < count; i++) {
		fputs(i ? "," : "", out);
		print_finding(out, &findings[i]);
	}
	fputc(']', out);
}

static void print_program(FILE *out, const struct audit_entry *entry)
{
	const struct audit_program *program = &entry->program;
	size_t length;

	audit_path(&program->exe, &length);
	fputs("{\"exe\":", out);
	fputs(length ? "\"" : "null", out);
	audit_print_path(out, &program->exe);
	fprintf(out, "%s,\"comm\":\"", length ? "\"" : "");
	audit_print_comm(out, &entry->key);
	fputs("\",\"cgroup\":\"", out);
	audit_path(&program->cgroup, &length);
	fputs(length ? "" : "/", out);
	audit_print_path(out, &program->cgroup);
	fputc('"', out);
	print_number(out, "uid", program->uid);
	print_number(out, "processes", program->processes);
	print_number(out, "tcp_sockets", program->counts[AUDIT_TCP_SOCKETS]);
	print_word(out, "verdict", verdicts[entry->verdict]);
	print_findings(out, program);
	fputc('}', out);
}

static void print_summary(FILE *out, const struct audit_report *report)
{
	int verdict;

	fprintf(out, "],\"summary\":{\"programs\":%zu", report->count);
	for (verdict = 0; verdict < AUDIT_VERDICTS; verdict++)
		print_number(out, verdicts[verdict],
			     audit_report_count(report, (enum audit_verdict)verdict));
	fprintf(out, "},\"not_recorded\":{\"user_limit\":%" PRIu64,
		report->dropped[AUDIT_DROP_USER]);
	print_number(out, "table_full", report->dropped[AUDIT_DROP_FULL]);
	print_number(out, "skipped", report->missed);
	fputs("}}\n", out);
}

/* May name cgroups, which may have any bytes. */
static void print_scope(FILE *out, const char *scope)
{
	fputs(",\"scope\":\"", out);
	if (scope)
		audit_print_name(out, scope, strlen(scope));
	fputc('"', out);
}

void audit_report_json(const struct audit_report *report, FILE *out)
{
	size_t i;

	fprintf(out, "{\"kernel\":\"%s\"", report->kernel);
	print_scope(out, report->scope);
	print_number(out, "duration_ns", report->duration_ns);
	fputs(",\"programs\":[", out);
	for (i = 0; i < report->count; i++) {
		fputs(i ? "," : "", out);
		print_program(out, &report->entries[i]);
	}
	print_summary(out, report);
}
