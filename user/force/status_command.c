// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "attached.h"
#include "attached_note.h"
#include "common/command.h"
#include "common/log.h"
#include "pin_store.h"
#include "scope_name.h"
#include "status_command.h"
#include "status_report.h"

struct command_line {
	const char *name; /* NULL: all */
	bool json;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print one JSON object", -1 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct command_line *line = state->input;

	switch (key) {
	case 'j':
		line->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (line->name)
			return ARGP_ERR_UNKNOWN;
		line->name = scope_name_parse(arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp status_argp = {
	.options = options,
	.parser = parse_option,
	.children = children,
	.doc = "Report the scopes that this or another version of mptcp-force has attached: their rules, "
	       "when they were attached, and what happened to their sockets. The exit status is 0 if "
	       "all of them are fully in force."
	       "\v" EXIT_STATUSES,
};

/* Text is printed scope by scope, JSON at the end. */
struct report {
	int store;
	struct json_object *json; /* an array, or NULL: text */
};

/* Logs an error, which the journal keeps, unless the scope is fully in force. */
static enum exit_status judge(const struct attached *attached)
{
	const char *problem = attached_problem(attached);

	if (attached_has_remains(attached))
		log_warning(
			"an interrupted command left an old scope of '%s' behind (the next 'attach' or "
			"'detach' removes it)",
			attached->name);
	if (!problem)
		return STATUS_OK;
	log_error("scope '%s' %s", attached->name, problem);
	return STATUS_FAILED;
}

static enum exit_status report_name(struct report *report, const char *name)
{
	struct attached attached;
	int err = attached_read(report->store, name, &attached);
	enum exit_status status;

	if (err) {
		log_error("cannot read the attached scope '%s': %s", name, strerror(-err));
		status = status_of_errno(-err);
	} else if (!attached_exists(&attached)) {
		log_error("no scope is attached as '%s' ('mptcp-force status' lists all scopes)",
			  name);
		status = STATUS_FAILED;
	} else {
		if (report->json)
			json_object_array_add(report->json, status_json(&attached));
		else
			status_print_text(stdout, &attached);
		fflush(stdout);
		status = judge(&attached);
	}
	attached_free(&attached);
	return status;
}

static bool contains(char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static void free_names(char **names, size_t count)
{
	while (count > 0)
		free(names[--count]);
	free(names);
}

/* The pinned scopes, then those of which only a note is left. */
static enum exit_status report_all(struct report *report)
{
	char **pinned = NULL, **noted = NULL;
	size_t n_pinned = 0, n_noted = 0, i;
	int err = report->store < 0 ? 0 : pin_store_names(report->store, &pinned, &n_pinned);
	enum exit_status status = STATUS_OK;

	if (!err)
		err = attached_notes(&noted, &n_noted);
	if (err) {
		log_error("cannot list the attached scopes: %s", strerror(-err));
		status = status_of_errno(-err);
	}
	for (i = 0; i < n_pinned; i++) {
		if (report_name(report, pinned[i]))
			status = STATUS_FAILED;
	}
	for (i = 0; i < n_noted; i++) {
		if (!contains(pinned, n_pinned, noted[i]) && report_name(report, noted[i]))
			status = STATUS_FAILED;
	}
	if (!status && !n_pinned && !n_noted)
		log_notice("nothing is attached");
	free_names(pinned, n_pinned);
	free_names(noted, n_noted);
	return status;
}

static void print_json(struct json_object *scopes)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "scopes", scopes);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_SPACED |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

int status_main(int argc, char **argv)
{
	struct command_line line = { 0 };
	struct report report = { .store = -1 };
	enum exit_status status;

	command_parse(&status_argp, 0, argc, argv, &line);
	status = pin_store_open(PIN_STORE_READ, &report.store);
	if (status)
		return status;
	if (line.json)
		report.json = json_object_new_array();
	status = line.name ? report_name(&report, line.name) : report_all(&report);
	if (report.json)
		print_json(report.json);
	if (report.store >= 0)
		close(report.store);
	return status;
}
