// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attached_note.h"
#include "common/command.h"
#include "common/log.h"
#include "common/usage.h"
#include "detach_command.h"
#include "opted_out.h"
#include "pin_store.h"
#include "pinned_scope.h"
#include "scope_name.h"

struct command_line {
	const char *name;
	bool all;
};

enum {
	OPTION_ALL = 0x300,
};

static const struct argp_option options[] = {
	{ "all", OPTION_ALL, NULL, 0, "Detach everything that is attached", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct command_line *line = state->input;

	switch (key) {
	case OPTION_ALL:
		line->all = true;
		return 0;
	case ARGP_KEY_ARG:
		if (line->name)
			return ARGP_ERR_UNKNOWN;
		line->name = scope_name_parse(arg);
		return 0;
	case ARGP_KEY_END:
		if (line->all && line->name)
			usage_error("'%s' and --all exclude each other", line->name);
		if (!line->all && !line->name)
			usage_error("no NAME given (or use --all)");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp detach_argp = {
	.options = options,
	.parser = parse_option,
	.children = children,
	.doc = "End enforcement that 'mptcp-force attach' started. New sockets are no longer changed; existing "
	       "connections continue."
	       "\v" EXIT_STATUSES,
};

static void forget_opted_out(const struct pinned_scope *scope)
{
	int map = scope->legible ? pinned_scope_open(scope, PIN_OPTED_OUT) : -1;

	if (map < 0)
		return;
	opted_out_forget(map, scope->scope.identity);
	close(map);
}

static enum exit_status cannot_remove(const struct pinned_scope *scope, int err)
{
	char path[PIN_PATH_SIZE];

	pin_store_path(scope->name, scope->number, "", path);
	if (err == -ENOTEMPTY)
		log_error(
			"cannot remove '%s': others have pinned something there (remove it, then detach "
			"'%s' again)",
			path, scope->name);
	else
		log_error("cannot remove what is pinned in '%s': %s", path, strerror(-err));
	return status_of_errno(-err);
}

/* Ends the scope first, in one step. Whatever is still pinned after that has no effect. */
static enum exit_status detach_scope(int store, const struct pinned_scope *scope)
{
	int err;

	if (pinned_scope_in_force(scope)) {
		err = pinned_scope_end(scope);
		if (err)
			log_warning("cannot end '%s' at once: %s (it ends when it is unpinned)",
				    scope->name, strerror(-err));
		forget_opted_out(scope);
	}
	err = pin_store_remove(store, scope->name, scope->number);
	return err ? cannot_remove(scope, err) : STATUS_OK;
}

static enum exit_status detach_scopes(int store, const char *name,
				      const struct pinned_scopes *scopes)
{
	enum exit_status status = STATUS_OK;
	size_t i;
	int err;

	for (i = 0; !status && i < scopes->count; i++)
		status = detach_scope(store, &scopes->all[i]);
	if (status)
		return status;
	err = pin_store_remove_name(store, name);
	if (!err)
		return STATUS_OK;
	log_error("cannot remove '%s/%s': %s", PIN_STORE, name,
		  err == -ENOTEMPTY ? "others have pinned something there" : strerror(-err));
	return status_of_errno(-err);
}

static void remove_note(const char *name)
{
	int err = attached_note_remove(name);

	if (err)
		log_warning("cannot remove the file of '%s' in '%s': %s", name, ATTACHED_NOTES,
			    strerror(-err));
}

/* A scope of which only a note is left has already ended. */
static enum exit_status detach(int store, const char *name)
{
	struct pinned_scopes scopes = { 0 };
	int err = store < 0 ? 0 : pinned_scopes_read(store, name, &scopes);
	bool noted = attached_note_exists(name), pinned = scopes.count;
	enum exit_status status = STATUS_OK;

	if (err) {
		log_error("cannot read the attached scope '%s': %s", name, strerror(-err));
		status = status_of_errno(-err);
	} else if (!pinned && !noted) {
		log_error(
			"cannot detach '%s': it is not attached ('mptcp-force status' lists all scopes)",
			name);
		status = STATUS_FAILED;
	}
	/* Before the scope ends: if this process is killed, 'status' must not blame others. */
	if (!status)
		remove_note(name);
	if (!status && store >= 0)
		status = detach_scopes(store, name, &scopes);
	pinned_scopes_free(&scopes);
	if (!status && pinned)
		log_notice("detached '%s'", name);
	else if (!status)
		log_notice("detached '%s', which had already ended", name);
	return status;
}

/* Continues after a failure. */
static enum exit_status detach_each(int store, int (*list)(int, char ***, size_t *))
{
	enum exit_status status = STATUS_OK, one;
	char **names;
	size_t count, i;
	int err = list(store, &names, &count);

	for (i = 0; i < count; i++) {
		one = detach(store, names[i]);
		if (!status)
			status = one;
		free(names[i]);
	}
	free(names);
	if (err && !status) {
		log_error("cannot list the attached scopes: %s", strerror(-err));
		status = status_of_errno(-err);
	}
	return status;
}

static int list_notes(int store, char ***names, size_t *count)
{
	(void)store;
	return attached_notes(names, count);
}

static enum exit_status detach_all(int store)
{
	enum exit_status status = store < 0 ? STATUS_OK : detach_each(store, pin_store_names);
	enum exit_status noted = detach_each(store, list_notes);

	return status ? status : noted;
}

int detach_main(int argc, char **argv)
{
	struct command_line line = { 0 };
	enum exit_status status;
	int store = -1;

	command_parse(&detach_argp, 0, argc, argv, &line);
	status = pin_store_open(PIN_STORE_REMOVE, &store);
	if (!status)
		status = line.all ? detach_all(store) : detach(store, line.name);
	pin_store_close(store);
	return status;
}
