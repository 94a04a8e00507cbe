// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/cgroup.h"
#include "common/log.h"
#include "scope.h"

/* Beyond this many of a kind, scope_describe() gives a number instead of names. */
#define NAMES_SHOWN 3

enum {
	OPTION_CGROUP = 0x100,
	OPTION_COMM,
	OPTION_UID,
	OPTION_ALL,
	OPTION_EXCLUDE_CGROUP,
	OPTION_EXCLUDE_COMM,
};

static const struct argp_option options[] = {
	{ "cgroup", OPTION_CGROUP, "PATH", 0,
	  "Tasks of this cgroup (v2) and of all below it; may be repeated", 0 },
	{ "comm", OPTION_COMM, "NAME", 0,
	  "Tasks whose process or thread has this name (at most 15 bytes)", 0 },
	{ "uid", OPTION_UID, "UID", 0, "Tasks with this effective user, by number or name", 0 },
	{ "all", OPTION_ALL, NULL, 0, "Every task of this host", 0 },
	{ "exclude-cgroup", OPTION_EXCLUDE_CGROUP, "PATH", 0,
	  "But not the tasks of this cgroup and of those below it", 0 },
	{ "exclude-comm", OPTION_EXCLUDE_COMM, "NAME", 0, "But not the tasks of this name", 0 },
	{ 0 },
};

static enum exit_status tell_no_memory(void)
{
	log_error("cannot store the scope: out of memory");
	return STATUS_FAILED;
}

/* Make room for one more element; returns it zeroed, or NULL. */
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
		return tell_no_memory();
	rule->membership = membership;
	rule->path = strdup(path);
	return rule->path ? STATUS_OK : tell_no_memory();
}

static enum exit_status add_comm(struct scope *scope, const char *name,
				 enum force_membership membership)
{
	size_t length = strlen(name), kept = FORCE_COMM_LEN - 1;
	struct scope_comm *rule;

	if (length == 0) {
		log_error("the name of a task cannot be empty");
		return STATUS_USAGE;
	}
	if (length > kept) {
		log_error("comm '%s' is longer than the %zu bytes that the kernel keeps (use "
			  "'%.*s')",
			  name, kept, (int)kept, name);
		return STATUS_USAGE;
	}
	rule = append((void **)&scope->comms, &scope->n_comms, sizeof(*rule));
	if (!rule)
		return tell_no_memory();
	memcpy(rule->comm.name, name, length);
	rule->membership = membership;
	return STATUS_OK;
}

static enum exit_status parse_uid(const char *text, uid_t *uid)
{
	const struct passwd *user;
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	/* (uid_t)-1 is "no user" in every interface of the kernel. */
	if (text[0] >= '0' && text[0] <= '9' && !errno && !*end && value < (uid_t)-1) {
		*uid = (uid_t)value;
		return STATUS_OK;
	}
	user = getpwnam(text);
	if (!user) {
		log_error("'%s' is neither a user's name nor a uid (0 to %u)", text, (uid_t)-1 - 1);
		return STATUS_USAGE;
	}
	*uid = user->pw_uid;
	return STATUS_OK;
}

static enum exit_status add_uid(struct scope *scope, const char *text)
{
	struct scope_uid *rule;
	enum exit_status status;
	uid_t uid;

	status = parse_uid(text, &uid);
	if (status)
		return status;
	rule = append((void **)&scope->uids, &scope->n_uids, sizeof(*rule));
	if (!rule)
		return tell_no_memory();
	rule->uid = uid;
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
	case OPTION_COMM:
		status = add_comm(scope, arg, FORCE_INCLUDED);
		break;
	case OPTION_EXCLUDE_COMM:
		status = add_comm(scope, arg, FORCE_EXCLUDED);
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

static int compare_cgroups(const void *left, const void *right)
{
	const struct scope_cgroup *a = left, *b = right;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return (int)a->membership - (int)b->membership;
}

/* Sort the cgroups by id, and drop each that was already there. */
static void drop_repeated(struct scope *scope)
{
	struct scope_cgroup *kept = scope->cgroups;
	size_t i;

	if (!scope->n_cgroups)
		return;
	qsort(scope->cgroups, scope->n_cgroups, sizeof(*kept), compare_cgroups);
	for (i = 1; i < scope->n_cgroups; i++) {
		if (compare_cgroups(kept, &scope->cgroups[i]) == 0) {
			log_warning("cgroup '%s' is named twice; once is enough",
				    scope->cgroups[i].path);
			free(scope->cgroups[i].path);
			continue;
		}
		*++kept = scope->cgroups[i];
	}
	scope->n_cgroups = (size_t)(kept - scope->cgroups) + 1;
}

enum exit_status scope_resolve(struct scope *scope)
{
	enum exit_status status;
	size_t i;

	for (i = 0; i < scope->n_cgroups; i++) {
		status = cgroup_read_id(scope->cgroups[i].path, "use --all", &scope->cgroups[i].id);
		if (status)
			return status;
	}
	drop_repeated(scope);
	return STATUS_OK;
}

/* A list under construction: "cgroup 'a', cgroup 'b'". */
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
		list_add(list, "every task");
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
		free(scope->cgroups[i].path);
	free(scope->cgroups);
	free(scope->comms);
	free(scope->uids);
	memset(scope, 0, sizeof(*scope));
}
