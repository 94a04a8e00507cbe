// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <json-c/json.h>

#include "opted_out.h"
#include "pin_store.h"
#include "status_report.h"

static void add_string(struct json_object *object, const char *key, const char *value)
{
	json_object_object_add(object, key, value ? json_object_new_string(value) : NULL);
}

static void add_number(struct json_object *object, const char *key, uint64_t value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}

static void add_cgroup(struct json_object *object, const struct force_pinned_rule *rule)
{
	char *path = status_cgroup_path(rule);

	add_string(object, "cgroup", path ? path : rule->text);
	json_object_object_add(object, "exists",
			       json_object_new_boolean(path && access(path, F_OK) == 0));
	free(path);
}

static struct json_object *json_rule(const struct force_pinned_rule *rule)
{
	struct json_object *object = json_object_new_object();

	switch (rule->type) {
	case FORCE_PINNED_ALL:
		json_object_object_add(object, "all", json_object_new_boolean(1));
		break;
	case FORCE_PINNED_CGROUP:
		add_cgroup(object, rule);
		break;
	case FORCE_PINNED_COMM:
		add_string(object, "comm", rule->text);
		break;
	case FORCE_PINNED_UID:
		add_number(object, "uid", strtoul(rule->text, NULL, 10));
		break;
	}
	json_object_object_add(object, "excluded", json_object_new_boolean((int)rule->excluded));
	return object;
}

static struct json_object *json_options(const struct pinned_scope *scope)
{
	struct json_object *array = json_object_new_array();

	if (scope->scope.options & FORCE_OPTION_DISGUISE)
		json_object_array_add(array, json_object_new_string("disguise"));
	if (scope->scope.options & FORCE_OPTION_OPT_OUT)
		json_object_array_add(array, json_object_new_string("opt-out"));
	return array;
}

static void add_program(const struct force_opted_out *program, void *context)
{
	struct json_object *object = json_object_new_object();
	char comm[FORCE_COMM_LEN + 1] = "";

	memcpy(comm, program->comm.name, FORCE_COMM_LEN);
	add_string(object, "comm", comm);
	add_string(object, "option", opted_out_option(program));
	json_object_array_add(context, object);
}

static struct json_object *json_opted_out(const struct pinned_scope *scope)
{
	struct json_object *array = json_object_new_array();
	/* Their layout is that of this version. */
	int map = scope->scope.abi == FORCE_ABI ? pinned_scope_open(scope, PIN_OPTED_OUT) : -1;

	if (map >= 0) {
		opted_out_visit(map, scope->scope.identity, add_program, array);
		close(map);
	}
	return array;
}

static void add_scope(struct json_object *object, const struct pinned_scope *scope)
{
	struct json_object *rules = json_object_new_array(), *counters = json_object_new_object();
	char since[32];
	uint32_t i;

	add_string(object, "protocol", scope->scope.target == FORCE_TO_TCP ? "tcp" : "mptcp");
	for (i = 0; i < scope->scope.rules; i++)
		json_object_array_add(rules, json_rule(&scope->rules[i]));
	json_object_object_add(object, "scope", rules);
	json_object_object_add(object, "options", json_options(scope));
	status_format_time(scope->scope.since_ns, since);
	add_string(object, "since", since);
	add_string(object, "version", scope->scope.version);
	add_number(object, "abi", scope->scope.abi);
	for (i = 0; i < scope->scope.counters; i++)
		add_number(counters, scope->scope.names[i], scope->counters[i]);
	json_object_object_add(object, "counters", counters);
	add_number(object, "skipped", scope->missed);
	json_object_object_add(object, "opted_out", json_opted_out(scope));
}

struct json_object *status_json(const struct attached *attached)
{
	const struct pinned_scope *scope = status_scope(attached);
	struct json_object *object = json_object_new_object();

	add_string(object, "name", attached->name);
	json_object_object_add(object, "in_force",
			       json_object_new_boolean(attached_in_force(attached)));
	add_string(object, "problem", attached_problem(attached));
	json_object_object_add(object, "remains",
			       json_object_new_boolean(attached_has_remains(attached)));
	if (scope)
		add_scope(object, scope);
	return object;
}
