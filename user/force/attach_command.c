// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attach_command.h"
#include "attached_note.h"
#include "common/command.h"
#include "common/descriptors.h"
#include "common/log.h"
#include "common/usage.h"
#include "enforcement.h"
#include "persist.h"
#include "pin_store.h"
#include "pinned_scope.h"
#include "policy.h"
#include "scope.h"
#include "scope_name.h"

struct command_line {
	const char *name;
	struct scope scope;
	struct policy policy;
};

enum {
	OPTION_NO_OPT_OUT = 0x300,
};

static const struct argp_option options[] = {
	{ "no-opt-out", OPTION_NO_OPT_OUT, NULL, 0,
	  "Do not leave a program on TCP because it has asked for a refused socket option (--opt-out is "
	  "the default here)",
	  3 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct command_line *line = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &line->scope;
		state->child_inputs[1] = &line->policy;
		return 0;
	case OPTION_NO_OPT_OUT:
		line->policy.options &= ~(unsigned int)FORCE_OPTION_OPT_OUT;
		return 0;
	case ARGP_KEY_ARG:
		if (line->name)
			return ARGP_ERR_UNKNOWN;
		line->name = scope_name_parse(arg);
		return 0;
	case ARGP_KEY_END:
		if (!line->name)
			usage_error("no NAME given");
		scope_require(&line->scope);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &scope_argp, 0, scope_heading, 1 },
	{ &policy_argp, 0, "Effect:", 2 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp attach_argp = {
	.options = options,
	.parser = parse_option,
	.children = children,
	.doc = "Enforce SCOPE under the name NAME until it is detached or the host restarts, without a "
	       "process. If NAME is already attached, SCOPE replaces its scope without a gap."
	       "\v" EXIT_STATUSES,
};

/* Removes the remains of interrupted commands: every scope of that name except the one in force. */
static enum exit_status repair(int store, const struct pinned_scopes *scopes)
{
	const struct pinned_scope *scope;
	size_t i;
	int err;

	for (i = 0; i < scopes->count; i++) {
		scope = &scopes->all[i];
		if (scope == scopes->in_force)
			continue;
		if (pinned_scope_in_force(scope))
			pinned_scope_end(scope);
		err = pin_store_remove(store, scope->name, scope->number);
		if (err) {
			log_error("cannot remove '%s/%s/%u', which an interrupted command left: %s",
				  PIN_STORE, scope->name, scope->number, strerror(-err));
			return status_of_errno(-err);
		}
	}
	return STATUS_OK;
}

/* The scope is in force. A failure from here on is a warning, and the next command repairs it. */
static void finish(int store, const struct command_line *line, const struct pinned_scope *replaced,
		   const struct enforcer_running *running)
{
	char until[SCOPE_NAME_LENGTH + 64];
	int err = replaced ? pin_store_remove(store, line->name, replaced->number) : 0;

	if (err)
		log_warning("cannot unpin the old scope of '%s': %s (detach it later)", line->name,
			    strerror(-err));
	err = attached_note_write(line->name);
	if (err)
		log_warning(
			"cannot create a file in '%s': %s (if others unpin '%s', 'status' will not "
			"report that it ended)",
			ATTACHED_NOTES, strerror(-err), line->name);
	snprintf(until, sizeof(until), ", until 'mptcp-force detach %s'", line->name);
	enforcement_announce(&line->scope, &line->policy, running, until);
}

static enum exit_status attach_to(int store, struct command_line *line,
				  const struct pinned_scopes *scopes)
{
	enum exit_status status = repair(store, scopes);
	struct enforcer *enforcer = NULL;
	struct enforcer_running running;

	if (!status)
		status = enforcer_open(&enforcer);
	if (!status)
		status = enforcement_prepare(enforcer, &line->scope, &line->policy, &running);
	if (!status)
		status = persist(store, line->name, enforcer, &line->scope, &line->policy,
				 scopes->in_force);
	if (!status)
		finish(store, line, scopes->in_force, &running);
	enforcer_close(enforcer);
	return status;
}

static enum exit_status attach(struct command_line *line)
{
	struct pinned_scopes scopes = { 0 };
	int store = -1, err;
	enum exit_status status = pin_store_open(PIN_STORE_CREATE, &store);

	if (status)
		return status;
	err = pinned_scopes_read(store, line->name, &scopes);
	if (err) {
		log_error("cannot read the attached scope '%s': %s", line->name, strerror(-err));
		status = status_of_errno(-err);
	}
	if (!status)
		status = attach_to(store, line, &scopes);
	pinned_scopes_free(&scopes);
	pin_store_close(store);
	return status;
}

int attach_main(int argc, char **argv)
{
	struct command_line line = { .scope.persistent = true,
				     .policy.options = FORCE_OPTION_OPT_OUT };
	enum exit_status status;

	command_parse(&attach_argp, 0, argc, argv, &line);
	status = descriptors_require("enforce");
	if (!status)
		status = scope_resolve(&line.scope);
	if (!status)
		status = attach(&line);
	scope_free(&line.scope);
	return status;
}
