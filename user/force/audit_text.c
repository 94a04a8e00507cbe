// SPDX-License-Identifier: GPL-2.0-or-later
/* The report of an audit for people: a block for each program, then a summary. */
#include <inttypes.h>

#include "audit_names.h"
#include "audit_report.h"

static const char *const verdicts[AUDIT_VERDICTS] = {
	[AUDIT_SAFE] = "safe",
	[AUDIT_SAFE_WITH_BRIDGE] = "safe with the bridge",
	[AUDIT_KEEP_ON_TCP] = "keep on TCP",
};

static void print_times(FILE *out, const char *what, uint64_t count)
{
	fprintf(out, "%s %" PRIu64 " time%s", what, count, count == 1 ? "" : "s");
}

static void print_option(FILE *out, const struct audit_finding *finding)
{
	fprintf(out, "  %s ", finding->name);
	if (finding->set)
		print_times(out, "set", finding->set);
	if (finding->set && finding->read)
		fputs(", ", out);
	if (finding->read)
		print_times(out, "read", finding->read);
	fprintf(out, ": %s (%s)\n", sockopt_class_word(finding->class), finding->reason);
}

static void print_finding(FILE *out, const struct audit_finding *finding)
{
	if (finding->option)
		print_option(out, finding);
	else
		fprintf(out, "  %s: %" PRIu64 " %s: %s\n", finding->name, finding->count,
			finding->count == 1 ? finding->unit : finding->units, finding->reason);
}

/* The executable and, in brackets, the name of the process; or only that. */
static void print_executable(FILE *out, const struct audit_entry *entry)
{
	size_t length;

	audit_path(&entry->program.exe, &length);
	audit_print_path(out, &entry->program.exe);
	if (length)
		fputs(" (", out);
	audit_print_comm(out, &entry->key);
	if (length)
		fputc(')', out);
}

static void print_heading(FILE *out, const struct audit_entry *entry)
{
	uint64_t processes = entry->program.processes;
	size_t length;

	print_executable(out, entry);
	fprintf(out, ", %" PRIu64 " process%s, cgroup ", processes, processes == 1 ? "" : "es");
	audit_path(&entry->program.cgroup, &length);
	if (!length)
		fputc('/', out);
	audit_print_path(out, &entry->program.cgroup);
	fprintf(out, ": %s\n", verdicts[entry->verdict]);
}

/* Those behind the verdict first. */
static void print_program(FILE *out, const struct audit_entry *entry)
{
	struct audit_finding findings[AUDIT_FINDINGS_MAX];
	size_t count = audit_findings(&entry->program, findings), i;
	int verdict;

	print_heading(out, entry);
	for (verdict = AUDIT_VERDICTS - 1; verdict >= 0; verdict--) {
		for (i = 0; i < count; i++) {
			if ((int)findings[i].verdict == verdict)
				print_finding(out, &findings[i]);
		}
	}
	if (!count)
		fputs("  nothing that MPTCP changes\n", out);
}

void audit_report_text(const struct audit_report *report, FILE *out)
{
	size_t i;

	for (i = 0; i < report->count; i++) {
		print_program(out, &report->entries[i]);
		fputc('\n', out);
	}
	fprintf(out,
		"%zu program%s used TCP: %zu safe, %zu safe with the bridge, %zu to keep on TCP\n",
		report->count, report->count == 1 ? "" : "s",
		audit_report_count(report, AUDIT_SAFE),
		audit_report_count(report, AUDIT_SAFE_WITH_BRIDGE),
		audit_report_count(report, AUDIT_KEEP_ON_TCP));
}
