// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include <json-c/json.h>

#include "check_report.h"
#include "command.h"
#include "descriptors.h"
#include "log.h"

struct check_report {
	struct json_object *json; /* NULL: text, which is printed item by item */
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print one JSON object", -1 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	bool *json = state->input;

	(void)arg;
	if (key != 'j')
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

static const struct argp_child children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static bool parse(const char *doc, int argc, char **argv)
{
	const struct argp argp = {
		.options = options, .parser = parse_option, .children = children, .doc = doc
	};
	bool json = false;

	command_parse(&argp, 0, argc, argv, &json);
	return json;
}

struct check_report *check_report_begin(const char *doc, int argc, char **argv)
{
	bool json = parse(doc, argc, argv);
	struct check_report *report;
	struct utsname kernel;

	if (descriptors_require("check this host"))
		return NULL;
	report = calloc(1, sizeof(*report));
	if (!report) {
		log_error("cannot check this host: out of memory");
		return NULL;
	}
	uname(&kernel);
	if (!json) {
		printf("kernel %s\n", kernel.release);
		return report;
	}
	report->json = json_object_new_object();
	json_object_object_add(report->json, "kernel", json_object_new_string(kernel.release));
	return report;
}

/* An item of a list. remedy: what to do if it is missing, or what that costs. */
struct item {
	const char *list, *name, *title, *remedy;
	bool present, required;
};

static void add_json(struct json_object *report, const struct item *item)
{
	struct json_object *list, *entry = json_object_new_object();

	if (!json_object_object_get_ex(report, item->list, &list)) {
		list = json_object_new_array();
		json_object_object_add(report, item->list, list);
	}
	json_object_object_add(entry, "name", json_object_new_string(item->name));
	json_object_object_add(entry, "title", json_object_new_string(item->title));
	json_object_object_add(entry, "present", json_object_new_boolean(item->present));
	json_object_object_add(entry, "required", json_object_new_boolean(item->required));
	json_object_object_add(entry, "remedy",
			       item->present ? NULL : json_object_new_string(item->remedy));
	json_object_array_add(list, entry);
}

static void add(struct check_report *report, const struct item *item)
{
	const char *state = item->present ? "ok" : item->required ? "missing" : "absent";

	if (report->json) {
		add_json(report->json, item);
		return;
	}
	printf("  %-8s %s\n", state, item->title);
	if (!item->present)
		printf("           -> %s\n", item->remedy);
}

enum exit_status check_report_requirements(struct check_report *report,
					   const enum requirement_id *ids, size_t count)
{
	enum exit_status status = STATUS_OK;
	size_t i;

	for (i = 0; i < count; i++) {
		const struct requirement *requirement = requirement_describe(ids[i]);
		const struct item item = { .list = "requirements",
					   .name = requirement->name,
					   .title = requirement->title,
					   .remedy = requirement->remedy,
					   .present = requirement_met(ids[i]),
					   .required = requirement->required };

		add(report, &item);
		if (!item.present && item.required && !status)
			status = requirement->if_missing;
	}
	return status;
}

void check_report_event(struct check_report *report, const char *name, const char *missing)
{
	char title[64], remedy[128];
	const struct item item = { .list = "events",
				   .name = name,
				   .title = title,
				   .remedy = remedy,
				   .present = !missing };

	snprintf(title, sizeof(title), "event %s", name);
	snprintf(remedy, sizeof(remedy), "not reported: this kernel lacks the function %s()",
		 missing ? missing : "");
	add(report, &item);
}

enum exit_status check_report_end(struct check_report *report, const char *action,
				  enum exit_status status)
{
	if (report->json) {
		json_object_object_add(report->json, "able",
				       json_object_new_boolean(status == STATUS_OK));
		puts(json_object_to_json_string_ext(report->json,
						    JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_SPACED |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(report->json);
	} else {
		printf("this host %s %s\n", status ? "cannot" : "can", action);
	}
	free(report);
	return status;
}
