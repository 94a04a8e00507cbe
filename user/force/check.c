// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/utsname.h>

#include <json-c/json.h>

#include "attachment.h"
#include "check.h"
#include "common/requirements.h"
#include "common/help_options.h"
#include "common/log.h"

struct check_options {
	bool json;
	bool verbose;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "One JSON object on standard output", 0 },
	{ "verbose", 'v', NULL, 0, "Show what libbpf and the kernel say", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct check_options *chosen = state->input;

	(void)arg;
	switch (key) {
	case 'j':
		chosen->json = true;
		return 0;
	case 'v':
		chosen->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp check_argp = {
	.options = options,
	.parser = parse_option,
	.children = children,
	.doc = "Tell whether this host can enforce MPTCP, what is missing and the remedy.\v"
	       "Exit status: 0 it can, 3 this kernel cannot, 4 not permitted.",
};

static void print_requirement(const struct requirement *requirement, bool present)
{
	const char *state = present ? "ok" : requirement->required ? "missing" : "absent";

	printf("  %-8s %s\n", state, requirement->title);
	if (!present)
		printf("           -> %s\n", requirement->remedy);
}

static void add_requirement(struct json_object *list, const struct requirement *requirement,
			    bool present)
{
	struct json_object *entry = json_object_new_object();

	json_object_object_add(entry, "name", json_object_new_string(requirement->name));
	json_object_object_add(entry, "title", json_object_new_string(requirement->title));
	json_object_object_add(entry, "present", json_object_new_boolean(present));
	json_object_object_add(entry, "required", json_object_new_boolean(requirement->required));
	json_object_object_add(entry, "remedy",
			       present ? NULL : json_object_new_string(requirement->remedy));
	json_object_array_add(list, entry);
}

/* Look for every requirement, into the list or on standard output; returns how that must end. */
static enum exit_status look_at_requirements(struct json_object *list)
{
	enum exit_status status = STATUS_OK;
	const struct requirement *requirement;
	bool present;
	int id;

	for (id = 0; id < REQUIREMENTS; id++) {
		requirement = requirement_describe(id);
		present = requirement_met(id);
		if (list)
			add_requirement(list, requirement, present);
		else
			print_requirement(requirement, present);
		if (!present && requirement->required && !status)
			status = requirement->if_missing;
	}
	return status;
}

static void print_json(const struct utsname *kernel, struct json_object *list, bool able)
{
	struct json_object *object = json_object_new_object();

	json_object_object_add(object, "able", json_object_new_boolean(able));
	json_object_object_add(object, "kernel", json_object_new_string(kernel->release));
	json_object_object_add(object, "requirements", list);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_SPACED |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}

int check_main(int argc, char **argv)
{
	struct check_options chosen = { 0 };
	struct json_object *list;
	enum exit_status status;
	struct utsname kernel;

	argp_parse(&check_argp, argc, argv, ARGP_NO_HELP, NULL, &chosen);
	log_start(chosen.verbose ? LOG_DEBUG : LOG_NOTICES);
	uname(&kernel);
	list = chosen.json ? json_object_new_array() : NULL;
	if (!list)
		printf("kernel %s\n", kernel.release);
	status = look_at_requirements(list);
	if (!status)
		status = attachment_try();
	if (list)
		print_json(&kernel, list, status == STATUS_OK);
	else
		printf("this host %s make programs use MPTCP\n", status ? "cannot" : "can");
	return status;
}
