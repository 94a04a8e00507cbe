// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "opted_out.h"
#include "pin_store.h"
#include "status_report.h"

static void print_cgroup(FILE *out, const struct force_pinned_rule *rule)
{
	char *path = status_cgroup_path(rule);
	const char *shown = path ? path : rule->text;

	if (!path || access(path, F_OK))
		fprintf(out, "%s (does not exist yet; in scope once it is created)\n", shown);
	else
		fprintf(out, "%s (exists)\n", shown);
	free(path);
}

static void print_rule(FILE *out, const struct force_pinned_rule *rule)
{
	fprintf(out, "  %s", rule->excluded ? "except " : "");
	switch (rule->type) {
	case FORCE_PINNED_ALL:
		fputs("all tasks\n", out);
		break;
	case FORCE_PINNED_CGROUP:
		fputs("cgroup: ", out);
		print_cgroup(out, rule);
		break;
	case FORCE_PINNED_COMM:
		fprintf(out, "comm: %s\n", rule->text);
		break;
	case FORCE_PINNED_UID:
		fprintf(out, "uid: %s\n", rule->text);
		break;
	default:
		fprintf(out, "a rule of an unknown kind: %s\n", rule->text);
	}
}

/* The name in JSON, with spaces. */
static void print_counter(FILE *out, const char *name, uint64_t value)
{
	fputs("  ", out);
	for (; *name; name++)
		fputc(*name == '_' ? ' ' : *name, out);
	fprintf(out, ": %" PRIu64 "\n", value);
}

static void print_program(const struct force_opted_out *program, void *context)
{
	fprintf(context, "  left on TCP after a refused socket option: %.*s (%s)\n", FORCE_COMM_LEN,
		program->comm.name, opted_out_option(program));
}

static void print_opted_out(FILE *out, const struct pinned_scope *scope)
{
	int map = pinned_scope_open(scope, PIN_OPTED_OUT);

	if (map < 0)
		return;
	opted_out_visit(map, scope->scope.identity, print_program, out);
	close(map);
}

static void print_options(FILE *out, const struct pinned_scope *scope)
{
	if (scope->scope.options & FORCE_OPTION_DISGUISE)
		fputs("  option: disguise\n", out);
	if (scope->scope.options & FORCE_OPTION_OPT_OUT)
		fputs("  option: opt-out\n", out);
}

static void print_scope(FILE *out, const struct pinned_scope *scope)
{
	char since[32];
	uint32_t i;

	for (i = 0; i < scope->scope.rules; i++)
		print_rule(out, &scope->rules[i]);
	print_options(out, scope);
	status_format_time(scope->scope.since_ns, since);
	fprintf(out, "  attached: %s, by version %s\n", since, scope->scope.version);
	for (i = 0; i < scope->scope.counters; i++)
		print_counter(out, scope->scope.names[i], scope->counters[i]);
	if (scope->missed)
		print_counter(out, "skipped_by_the_kernel", scope->missed);
	/* Their layout is that of this version. */
	if (scope->scope.abi == FORCE_ABI)
		print_opted_out(out, scope);
}

void status_print_text(FILE *out, const struct attached *attached)
{
	const struct pinned_scope *scope = status_scope(attached);

	fprintf(out, "%s: ", attached->name);
	if (!attached_in_force(attached))
		fputs("not in force\n", out);
	else
		fprintf(out, "enforcing %s\n",
			scope && scope->scope.target == FORCE_TO_TCP ? "TCP" : "MPTCP");
	if (scope)
		print_scope(out, scope);
}
