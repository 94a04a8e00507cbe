// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "audit_report.h"

/* What programs do besides setting options, by enum audit_count; without a reason, MPTCP changes nothing. */
static const struct audit_finding counted[AUDIT_COUNTS] = {
	[AUDIT_OOB_SENT] = { .name = "MSG_OOB sent",
			     .key = "oob_sent",
			     .unit = "call",
			     .units = "calls",
			     .verdict = AUDIT_KEEP_ON_TCP,
			     .reason = "MPTCP sends urgent data as ordinary data of the stream" },
	[AUDIT_OOB_RECEIVED] = { .name = "MSG_OOB received",
				 .key = "oob_received",
				 .unit = "call",
				 .units = "calls",
				 .verdict = AUDIT_KEEP_ON_TCP,
				 .reason = "MPTCP returns ordinary data instead of urgent data" },
	[AUDIT_ZEROCOPY] = { .name = "MSG_ZEROCOPY",
			     .key = "zerocopy",
			     .unit = "call",
			     .units = "calls",
			     .verdict = AUDIT_KEEP_ON_TCP,
			     .reason = "MPTCP copies, and never reports a completion" },
	[AUDIT_KTLS] = { .name = "kTLS",
			 .key = "ktls",
			 .unit = "socket",
			 .units = "sockets",
			 .verdict = AUDIT_KEEP_ON_TCP,
			 .reason = "MPTCP sockets have no TLS in the kernel" },
	[AUDIT_SOCKMAP] = { .name = "sockmap",
			    .key = "sockmap",
			    .unit = "call",
			    .units = "calls",
			    .verdict = AUDIT_KEEP_ON_TCP,
			    .reason = "the kernel puts no MPTCP socket in a sockmap" },
	[AUDIT_COMPAT_CALLS] = { .name = "32-bit system calls",
				 .key = "calls_32bit",
				 .unit = "call",
				 .units = "calls",
				 .verdict = AUDIT_KEEP_ON_TCP,
				 .reason = "the bridge does not see options of 32-bit programs" },
	[AUDIT_LEFT_LANDLOCK] = { .name = "sockets of tasks restricted by Landlock",
				  .key = "landlock_sockets",
				  .unit = "socket",
				  .units = "sockets",
				  .reason = "they stay TCP, since MPTCP would evade the rules" },
	[AUDIT_LEFT_SOCK_CREATE] = { .name = "sockets in cgroups with sock_create programs",
				     .key = "sock_create_sockets",
				     .unit = "socket",
				     .units = "sockets",
				     .reason =
					     "they stay TCP, since what such programs set does not "
					     "reach subflows" },
	[AUDIT_IO_URING_SOCKETS] = { .name = "sockets created by io_uring",
				     .key = "io_uring_sockets",
				     .unit = "socket",
				     .units = "sockets",
				     .reason = "they stay TCP" },
	[AUDIT_INHERITED_LISTENERS] = { .name = "inherited listeners",
					.key = "inherited_listeners",
					.unit = "socket",
					.units = "sockets",
					.reason =
						"created out of scope, they and their connections stay TCP (for systemd, "
						"use SocketProtocol=mptcp)" },
	[AUDIT_OLDER_LISTENERS] = { .name = "listeners older than the audit",
				    .key = "older_listeners",
				    .unit = "socket",
				    .units = "sockets",
				    .reason =
					    "they and their connections stay TCP, and options set before are unknown "
					    "(restart the program during an audit)" },
	[AUDIT_OLDER_SOCKETS] = { .name = "sockets older than the audit",
				  .key = "older_sockets",
				  .unit = "socket",
				  .units = "sockets",
				  .reason =
					  "they stay TCP, and options set before are unknown (restart the program "
					  "during an audit)" },
	[AUDIT_MPTCP_SOCKETS] = { .name = "MPTCP sockets",
				  .key = "mptcp_sockets",
				  .unit = "socket",
				  .units = "sockets",
				  .reason = "they are already MPTCP, and are not audited" },
};

static void add_option(struct audit_finding *finding, const struct sockopt *option,
		       const struct audit_option *use)
{
	enum sockopt_class class = use->limits_reach ? SOCKOPT_REFUSED : option->class;

	*finding = (struct audit_finding){
		.option = option,
		.name = option->name,
		.set = use->set,
		.read = use->read,
		.class = class,
		.verdict = class == SOCKOPT_REFUSED ? AUDIT_KEEP_ON_TCP : AUDIT_SAFE_WITH_BRIDGE,
		.reason = option->reason,
	};
}

/* Whether an enforcer would leave every socket that it created on TCP: nothing that it did matters. */
static bool stays_on_tcp(const struct audit_program *program)
{
	const __u64 *counts = program->counts;
	uint64_t left = counts[AUDIT_LEFT_LANDLOCK] + counts[AUDIT_LEFT_SOCK_CREATE];

	return left && left >= counts[AUDIT_TCP_SOCKETS];
}

size_t audit_findings(const struct audit_program *program, struct audit_finding *findings)
{
	const struct audit_option *use;
	size_t count = 0, i;

	for (i = 0; i < SOCKOPT_ROWS; i++) {
		use = &program->options[i];
		if (use->set || use->read)
			add_option(&findings[count++], &sockopts[i], use);
	}
	for (i = 0; i < AUDIT_COUNTS; i++) {
		if (!counted[i].reason || !program->counts[i])
			continue;
		findings[count] = counted[i];
		findings[count++].count = program->counts[i];
	}
	for (i = 0; i < count && stays_on_tcp(program); i++)
		findings[i].verdict = AUDIT_SAFE;
	return count;
}

static enum audit_verdict verdict_on(const struct audit_program *program)
{
	struct audit_finding findings[AUDIT_FINDINGS_MAX];
	size_t count = audit_findings(program, findings), i;
	enum audit_verdict worst = AUDIT_SAFE;

	for (i = 0; i < count; i++) {
		if (findings[i].verdict > worst)
			worst = findings[i].verdict;
	}
	return worst;
}

bool audit_report_add(struct audit_report *report, const struct audit_key *key,
		      const struct audit_program *program)
{
	struct audit_entry *bigger = reallocarray(report->entries, report->count + 1,
						  sizeof(*bigger));

	if (!bigger)
		return false;
	report->entries = bigger;
	bigger[report->count++] = (struct audit_entry){ .key = *key,
							.program = *program,
							.verdict = verdict_on(program) };
	return true;
}

const char *audit_path(const struct audit_path *path, size_t *length)
{
	size_t begin = path->begin < AUDIT_PATH_LEN ? path->begin : AUDIT_PATH_LEN;

	*length = AUDIT_PATH_LEN - begin;
	return path->bytes + begin;
}

static int compare_paths(const struct audit_path *left, const struct audit_path *right)
{
	size_t length, other;
	const char *a = audit_path(left, &length), *b = audit_path(right, &other);
	int order = memcmp(a, b, length < other ? length : other);

	return order ? order : (length > other) - (length < other);
}

/* The order must not depend on the kernel's, or reports could not be compared. */
static int compare(const void *left, const void *right)
{
	const struct audit_entry *a = left, *b = right;
	int order;

	if (a->verdict != b->verdict)
		return a->verdict > b->verdict ? -1 : 1;
	order = compare_paths(&a->program.cgroup, &b->program.cgroup);
	if (!order)
		order = compare_paths(&a->program.exe, &b->program.exe);
	return order ? order : memcmp(a->key.comm, b->key.comm, sizeof(a->key.comm));
}

void audit_report_sort(struct audit_report *report)
{
	if (report->count)
		qsort(report->entries, report->count, sizeof(report->entries[0]), compare);
}

size_t audit_report_count(const struct audit_report *report, enum audit_verdict verdict)
{
	size_t count = 0, i;

	for (i = 0; i < report->count; i++)
		count += report->entries[i].verdict == verdict;
	return count;
}

void audit_report_free(struct audit_report *report)
{
	free(report->scope);
	free(report->entries);
	memset(report, 0, sizeof(*report));
}
