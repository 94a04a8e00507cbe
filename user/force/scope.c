// SPDX-License-Identifier: GPL-2.0-or-later
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "common/log.h"
#include "common/parse.h"
#include "common/unit.h"
#include "common/unit_name.h"
#include "common/usage.h"
#include "scope.h"

/* If there are more cgroups than this, scope_describe() counts them instead of naming them. */
#define NAMES_SHOWN 3

enum {
	OPTION_CGROUP = 0x100,
	OPTION_UNIT,
	OPTION_COMM,
	OPTION_UID,
	OPTION_ALL,
	OPTION_EXCLUDE_CGROUP,
	OPTION_EXCLUDE_COMM,
};

static const struct argp_option options[] = {
	{ "cgroup", OPTION_CGROUP, "PATH", 0, "Tasks in this cgroup (v2) and its descendants", 0 },
	{ "unit", OPTION_UNIT, "NAME", 0, "Tasks of this systemd unit, also before it starts", 0 },
	{ "comm", OPTION_COMM, "NAME", 0,
	  "Tasks with this process or thread name (at most 15 bytes)", 0 },
	{ "uid", OPTION_UID, "USER", 0, "Tasks with this effective user (name or number)", 0 },
	{ "all", OPTION_ALL, NULL, 0, "All tasks of this host", 0 },
	{ "exclude-cgroup", OPTION_EXCLUDE_CGROUP, "PATH", 0,
	  "Exclude tasks in this cgroup and its descendants", 0 },
	{ "exclude-comm", OPTION_EXCLUDE_COMM, "NAME", 0,
	  "Exclude tasks with this process or thread name", 0 },
	{ 0 },
};

static enum exit_status no_memory(void)
{
	log_error("cannot store the scope: out of memory");
	return STATUS_FAILED;
}

/* Append an element. Returns it, zeroed, or NULL if there is no memory. */
static void *append(void **array, size_t *count, size_t size)
{
	char *bigger = reallocarray(*array, *count + 1, size);

	if (!bigger)
		return NULL;
	*array = bigger;
	return memset(bigger + size * (*count)++, 0, size);
}

enum exit_status scope_add_cgroup(struct scope *scope, const char *path,
				  enum force_membership membership)
{
	struct scope_cgroup *rule = append((void **)&scope->cgroups, &scope->n_cgroups,
					   sizeof(*rule));

	if (!rule)
		return no_memory();
	rule->membership = membership;
	rule->path = strdup(path);
	return rule->path ? STATUS_OK : no_memory();
}

static enum exit_status add_unit(struct scope *scope, const char *text)
{
	struct scope_cgroup *rule = append((void **)&scope->cgroups, &scope->n_cgroups,
					   sizeof(*rule));
	char name[UNIT_NAME_SIZE];

	if (!rule)
		return no_memory();
	unit_name_parse(text, name);
	rule->membership = FORCE_INCLUDED;
	rule->unit = strdup(name);
	return rule->unit ? STATUS_OK : no_memory();
}

static enum exit_status add_comm(struct scope *scope, const char *option, const char *name,
				 enum force_membership membership)
{
	struct scope_comm *rule = append((void **)&scope->comms, &scope->n_comms, sizeof(*rule));

	if (!rule)
		return no_memory();
	parse_comm(option, name, rule->comm.name, sizeof(rule->comm.name));
	rule->membership = membership;
	return STATUS_OK;
}

static uid_t parse_uid(const char *text)
{
	const uid_t most = (uid_t)-1 - 1; /* -1 means "no user" in all interfaces of the kernel */
	const struct passwd *user;
	unsigned long uid;

	if (read_number(text, 0, most, &uid))
		return (uid_t)uid;
	user = getpwnam(text);
	if (user)
		return user->pw_uid;
	usage_error("invalid --uid '%s': expected a user name, or a number from 0 to %u", text,
		    most);
}

static enum exit_status add_uid(struct scope *scope, const char *text)
{
	struct scope_uid *rule = append((void **)&scope->uids, &scope->n_uids, sizeof(*rule));

	if (!rule)
		return no_memory();
	rule->uid = parse_uid(text);
	rule->membership = FORCE_INCLUDED;
	return STATUS_OK;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct scope *scope = state->input;
	enum exit_status status = STATUS_OK;

	switch (key) {
	case OPTION_CGROUP:
		status = scope_add_cgroup(scope, arg, FORCE_INCLUDED);
		break;
	case OPTION_EXCLUDE_CGROUP:
		status = scope_add_cgroup(scope, arg, FORCE_EXCLUDED);
		break;
	case OPTION_UNIT:
		status = add_unit(scope, arg);
		break;
	case OPTION_COMM:
		status = add_comm(scope, "--comm", arg, FORCE_INCLUDED);
		break;
	case OPTION_EXCLUDE_COMM:
		status = add_comm(scope, "--exclude-comm", arg, FORCE_EXCLUDED);
		break;
	case OPTION_UID:
		status = add_uid(scope, arg);
		break;
	case OPTION_ALL:
		scope->all = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	if (status)
		exit(status);
	return 0;
}

const char scope_heading[] = "Scope (tasks that match any of these and no exclusion; repeatable):";

const struct argp scope_argp = { .options = options, .parser = parse_option };

bool scope_includes_something(const struct scope *scope)
{
	size_t i;

	if (scope->all || scope->n_uids)
		return true;
	for (i = 0; i < scope->n_cgroups; i++) {
		if (scope->cgroups[i].membership == FORCE_INCLUDED)
			return true;
	}
	for (i = 0; i < scope->n_comms; i++) {
		if (scope->comms[i].membership == FORCE_INCLUDED)
			return true;
	}
	return false;
}

void scope_require(const struct scope *scope)
{
	if (!scope_includes_something(scope))
		usage_error("no SCOPE given (use --cgroup, --unit, --comm, --uid or --all)");
}

static int compare_cgroups(const void *left, const void *right)
{
	const struct scope_cgroup *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (!a->id && strcmp(a->kernel_path.path, b->kernel_path.path) != 0)
		return strcmp(a->kernel_path.path, b->kernel_path.path);
	return (int)a->membership - (int)b->membership;
}

static void free_cgroup(struct scope_cgroup *cgroup)
{
	free(cgroup->unit);
	free(cgroup->path);
}

/* Sort the cgroups by ID, and drop duplicates. */
static void drop_repeated(struct scope *scope)
{
	struct scope_cgroup *kept = scope->cgroups;
	size_t i;

	if (!scope->n_cgroups)
		return;
	qsort(scope->cgroups, scope->n_cgroups, sizeof(*kept), compare_cgroups);
	for (i = 1; i < scope->n_cgroups; i++) {
		if (compare_cgroups(kept, &scope->cgroups[i]) == 0) {
			log_warning("cgroup '%s' is given twice (ignoring the second)",
				    scope->cgroups[i].path);
			free_cgroup(&scope->cgroups[i]);
			continue;
		}
		*++kept = scope->cgroups[i];
	}
	scope->n_cgroups = (size_t)(kept - scope->cgroups) + 1;
}

static enum exit_status resolve(struct scope_cgroup *cgroup, bool followed)
{
	static const struct cgroup_remedies included = {
		.if_missing = "create it first, or use 'mptcp-force run'",
		.if_root = "use --all for all tasks",
	};
	static const struct cgroup_remedies excluded = {
		.if_missing =
			"omit this --exclude-cgroup, or give the full path of a cgroup, such as "
			"/sys/fs/cgroup/app",
		.dispensable = true,
		.if_root = "excluding it would leave no task in scope",
	};

	return cgroup_resolve(cgroup->path,
			      cgroup->membership == FORCE_INCLUDED ? &included : &excluded,
			      &cgroup->id, followed ? cgroup->kernel_path.path : NULL,
			      sizeof(cgroup->kernel_path.path));
}

/* Set the path of a unit's cgroup. */
static enum exit_status find_unit(struct scope_cgroup *cgroup)
{
	char path[PATH_MAX];
	enum exit_status status = unit_find_cgroup(cgroup->unit, path, sizeof(path));

	if (status)
		return status;
	free(cgroup->path);
	cgroup->path = strdup(path);
	return cgroup->path ? STATUS_OK : no_memory();
}

/* Whether the cgroup can be followed although it does not exist yet. */
static bool is_awaited(struct scope_cgroup *cgroup)
{
	if (cgroup_resolve_missing(cgroup->path, cgroup->kernel_path.path,
				   sizeof(cgroup->kernel_path.path)))
		return false;
	log_notice("cgroup '%s' does not exist yet; it is in scope once it is created",
		   cgroup->path);
	return true;
}

/* A scope that survives this process cannot enter a re-created cgroup again: the kernel must follow it. */
static enum exit_status require_followed(const struct scope_cgroup *cgroup)
{
	if (cgroup->kernel_path.path[0])
		return STATUS_OK;
	log_error(
		"cannot attach to cgroup '%s': it cannot be followed if it is re-created (use a path of at "
		"most %d bytes, outside of containers)",
		cgroup->path, FORCE_PATH_LEN - 1);
	return STATUS_FAILED;
}

static enum exit_status resolve_cgroup(const struct scope *scope, struct scope_cgroup *cgroup)
{
	enum exit_status status = cgroup->unit ? find_unit(cgroup) : STATUS_OK;

	if (status)
		return status;
	if ((scope->persistent || cgroup->unit) && is_awaited(cgroup))
		return STATUS_OK;
	status = resolve(cgroup, !scope->transient);
	return status || !scope->persistent ? status : require_followed(cgroup);
}

enum exit_status scope_resolve(struct scope *scope)
{
	enum exit_status status;
	size_t i;

	for (i = 0; i < scope->n_cgroups; i++) {
		status = resolve_cgroup(scope, &scope->cgroups[i]);
		if (status)
			return status;
	}
	drop_repeated(scope);
	return STATUS_OK;
}

void scope_refresh(struct scope *scope)
{
	struct scope_cgroup *cgroup;
	size_t i;
	uint64_t id;

	for (i = 0; i < scope->n_cgroups; i++) {
		cgroup = &scope->cgroups[i];
		id = cgroup->id;
		if (cgroup->kernel_path.path[0] && access(cgroup->path, F_OK) == 0 &&
		    resolve(cgroup, false))
			cgroup->id = id;
	}
}

/* A list that is being written: "cgroup 'a', cgroup 'b'". */
struct list {
	FILE *out;
	bool started;
};

static void list_add(struct list *list, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void list_add(struct list *list, const char *format, ...)
{
	va_list args;

	if (list->started)
		fputs(", ", list->out);
	list->started = true;
	va_start(args, format);
	vfprintf(list->out, format, args);
	va_end(args);
}

static void list_cgroups(struct list *list, const struct scope *scope,
			 enum force_membership membership)
{
	size_t i, matching = 0;

	for (i = 0; i < scope->n_cgroups; i++)
		matching += scope->cgroups[i].membership == membership;
	if (matching > NAMES_SHOWN) {
		list_add(list, "%zu cgroups", matching);
		return;
	}
	for (i = 0; i < scope->n_cgroups; i++) {
		if (scope->cgroups[i].membership == membership)
			list_add(list, "cgroup '%s'", scope->cgroups[i].path);
	}
}

static void list_comms(struct list *list, const struct scope *scope,
		       enum force_membership membership)
{
	size_t i;

	for (i = 0; i < scope->n_comms; i++) {
		if (scope->comms[i].membership == membership)
			list_add(list, "comm '%.*s'", FORCE_COMM_LEN, scope->comms[i].comm.name);
	}
}

static void list_rules(struct list *list, const struct scope *scope,
		       enum force_membership membership)
{
	size_t i;

	if (membership == FORCE_INCLUDED && scope->all)
		list_add(list, "all tasks");
	list_cgroups(list, scope, membership);
	list_comms(list, scope, membership);
	for (i = 0; i < scope->n_uids; i++) {
		if (scope->uids[i].membership == membership)
			list_add(list, "uid %u", scope->uids[i].uid);
	}
}

char *scope_describe(const struct scope *scope)
{
	struct list included = { 0 }, excluded = { 0 };
	char *text = NULL, *exceptions = NULL;
	size_t size;

	included.out = open_memstream(&text, &size);
	excluded.out = open_memstream(&exceptions, &size);
	if (included.out && excluded.out) {
		list_rules(&excluded, scope, FORCE_EXCLUDED);
		fflush(excluded.out);
		list_rules(&included, scope, FORCE_INCLUDED);
		if (excluded.started)
			fprintf(included.out, ", except %s", exceptions);
	}
	if (included.out)
		fclose(included.out);
	if (excluded.out)
		fclose(excluded.out);
	free(exceptions);
	return text;
}

void scope_free(struct scope *scope)
{
	size_t i;

	for (i = 0; i < scope->n_cgroups; i++)
		free_cgroup(&scope->cgroups[i]);
	free(scope->cgroups);
	free(scope->comms);
	free(scope->uids);
	memset(scope, 0, sizeof(*scope));
}
