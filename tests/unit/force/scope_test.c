// SPDX-License-Identifier: GPL-2.0-or-later
/* A scope: from the command line to its rules, and to words. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "common/command.h"
#include "common/fixture.h"
#include "common/unit.h"
#include "force/scope.h"

/* The allocation that fails. */
static enum {
	NONE,
	ARRAY,
	TEXT
} no_memory_for;

void *__wrap_reallocarray(void *array, size_t count, size_t size);
void *__real_reallocarray(void *array, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__real_strdup(const char *text);
enum exit_status __wrap_cgroup_resolve(const char *path, const struct cgroup_remedies *remedies,
				       uint64_t *id, char *kernel_path, size_t size);
int __wrap_cgroup_resolve_missing(const char *path, char *kernel_path, size_t size);
enum exit_status __wrap_unit_find_cgroup(const char *name, char *path, size_t size);

/* Added to the ids of all cgroups: they were re-created. */
static uint64_t generation;

void *__wrap_reallocarray(void *array, size_t count, size_t size)
{
	return no_memory_for == ARRAY ? NULL : __real_reallocarray(array, count, size);
}

char *__wrap_strdup(const char *text)
{
	return no_memory_for == TEXT ? NULL : __real_strdup(text);
}

/* A cgroup's id is the number at the end of its path; one without is no cgroup. */
enum exit_status __wrap_cgroup_resolve(const char *path, const struct cgroup_remedies *remedies,
				       uint64_t *id, char *kernel_path, size_t size)
{
	assert_true(*remedies->if_missing && *remedies->if_root);
	if (sscanf(path, "%*[^0-9]%lu", id) != 1)
		return STATUS_FAILED;
	*id += generation;
	if (kernel_path)
		snprintf(kernel_path, size, "/kernel%s", path);
	return STATUS_OK;
}

/* Those at /later do not exist yet. */
int __wrap_cgroup_resolve_missing(const char *path, char *kernel_path, size_t size)
{
	if (strncmp(path, "/later/", strlen("/later/")) != 0)
		return -EEXIST;
	snprintf(kernel_path, size, "/kernel%s", path);
	return 0;
}

/* The first letter of a unit's name says whether it runs. */
enum exit_status __wrap_unit_find_cgroup(const char *name, char *path, size_t size)
{
	if (name[0] == 'u')
		return STATUS_FAILED;
	snprintf(path, size, "%s/%s", name[0] == 'r' ? "/c/4" : "/later", name);
	return STATUS_OK;
}

static error_t parse_nothing(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

/* Parse one option; what is wrong ends the process. */
static int parse_option(struct scope *scope, const char *option, const char *value)
{
	static const struct argp_child children[] = { { &scope_argp, 0, NULL, 0 },
						      { &common_argp, 0, NULL, 0 },
						      { 0 } };
	static const struct argp argp = { .parser = parse_nothing, .children = children };
	char *argv[] = { "test", (char *)option, (char *)value, NULL };

	errno = ERANGE; /* from before, and none of its business */
	command_parse(&argp, 0, value ? 3 : 2, argv, scope);
	return 0;
}

static void parse(struct scope *scope, const char *option, const char *value)
{
	assert_int_equal(parse_option(scope, option, value), 0);
}

/* Parse an option that must be refused: returns the exit status, and the message in *printed. */
static int refuse(const char *option, const char *value, const char **printed)
{
	struct scope scope = { 0 };
	int status;
	pid_t child;

	capture_start();
	fflush(NULL); /* or the child prints it once more */
	child = fork();
	if (child == 0)
		_exit(parse_option(&scope, option, value));
	waitpid(child, &status, 0);
	*printed = capture_end();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void assert_refused(const char *option, const char *value, const char *message)
{
	const char *printed;

	assert_int_equal(refuse(option, value, &printed), STATUS_USAGE);
	assert_contains(printed, message);
}

static int new_scope(void **state)
{
	*state = calloc(1, sizeof(struct scope));
	return *state ? 0 : -1;
}

static int free_scope(void **state)
{
	scope_free(*state);
	free(*state);
	no_memory_for = NONE;
	generation = 0;
	return 0;
}

static void test_empty(void **state)
{
	assert_false(scope_includes_something(*state));
}

static void test_cgroups(void **state)
{
	struct scope *scope = *state;

	parse(scope, "--exclude-cgroup", "/cgroup/2");
	assert_false(scope_includes_something(scope));
	parse(scope, "--cgroup", "/cgroup/1");
	assert_true(scope_includes_something(scope));
	assert_int_equal(scope->n_cgroups, 2);
	assert_string_equal(scope->cgroups[0].path, "/cgroup/2");
	assert_int_equal(scope->cgroups[0].membership, FORCE_EXCLUDED);
	assert_string_equal(scope->cgroups[1].path, "/cgroup/1");
	assert_int_equal(scope->cgroups[1].membership, FORCE_INCLUDED);
}

static void test_units(void **state)
{
	struct scope *scope = *state;
	enum exit_status status;
	const char *printed;

	parse(scope, "--unit", "runs");
	parse(scope, "--unit", "later.slice");
	assert_true(scope_includes_something(scope));
	capture_start();
	status = scope_resolve(scope);
	printed = capture_end();
	assert_int_equal(status, STATUS_OK);
	assert_string_equal(printed, "cgroup '/later/later.slice' does not exist yet; it is in "
				     "scope once it is created\n");
	assert_int_equal(scope->n_cgroups, 2);
	assert_int_equal(scope->cgroups[0].id, 0);
	assert_string_equal(scope->cgroups[0].kernel_path.path, "/kernel/later/later.slice");
	assert_int_equal(scope->cgroups[1].id, 4);
	assert_string_equal(scope->cgroups[1].path, "/c/4/runs.service");
	assert_int_equal(scope->cgroups[1].membership, FORCE_INCLUDED);
	parse(scope, "--unit", "unknown");
	assert_int_equal(scope_resolve(scope), STATUS_FAILED);
}

/* Only that of a unit, unless the scope survives this process. */
static void test_missing(void **state)
{
	struct scope *scope = *state;
	const char *printed;

	parse(scope, "--cgroup", "/later/app");
	assert_int_equal(scope_resolve(scope), STATUS_FAILED);
	scope->persistent = true;
	capture_start();
	assert_int_equal(scope_resolve(scope), STATUS_OK);
	printed = capture_end();
	assert_contains(printed, "cgroup '/later/app' does not exist yet");
}

static void test_comms(void **state)
{
	static const char padded[FORCE_COMM_LEN] = "sshd";
	struct scope *scope = *state;

	parse(scope, "--exclude-comm", "sshd");
	assert_false(scope_includes_something(scope));
	parse(scope, "--comm", "fifteen-letters");
	assert_true(scope_includes_something(scope));
	assert_int_equal(scope->n_comms, 2);
	assert_memory_equal(scope->comms[0].comm.name, padded, sizeof(padded));
	assert_int_equal(scope->comms[0].membership, FORCE_EXCLUDED);
	assert_memory_equal(scope->comms[1].comm.name, "fifteen-letters", FORCE_COMM_LEN);
	assert_int_equal(scope->comms[1].membership, FORCE_INCLUDED);
}

static void test_wrong_comms(void **state)
{
	(void)state;
	assert_refused("--comm", "sixteen-letters-",
		       "invalid --comm 'sixteen-letters-': the kernel keeps only 15 bytes of a "
		       "name (use 'sixteen-letters')");
	assert_refused("--exclude-comm", "sixteen-letters-", "invalid --exclude-comm 'sixteen");
	assert_refused("--unit", "a/b", "invalid --unit 'a/b': expected a name");
	assert_refused("--comm", "", "invalid --comm '': the name is empty\nTry '");
}

static void test_uids(void **state)
{
	static const struct {
		const char *text;
		uid_t uid;
	} cases[] = { { "0", 0 }, { "1000", 1000 }, { "4294967294", 4294967294 }, { "root", 0 } };
	struct scope *scope = *state;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse(scope, "--uid", cases[i].text);
		assert_int_equal(scope->n_uids, i + 1);
		assert_int_equal(scope->uids[i].uid, cases[i].uid);
		assert_int_equal(scope->uids[i].membership, FORCE_INCLUDED);
	}
	assert_true(scope_includes_something(scope));
}

static void test_wrong_uids(void **state)
{
	static const char *const wrong[] = {
		"4294967295", "18446744073709551616", "-1", "+1", " 1", "1x", "0x10",
		"",	      "nobody-here"
	};
	char message[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(message, sizeof(message),
			 "invalid --uid '%s': expected a user name, or a number from 0 to "
			 "4294967294\nTry '",
			 wrong[i]);
		assert_refused("--uid", wrong[i], message);
	}
}

static void test_all(void **state)
{
	struct scope *scope = *state;

	assert_false(scope->all);
	parse(scope, "--all", NULL);
	assert_true(scope->all);
	assert_true(scope_includes_something(scope));
}

static void test_foreign_option(void **state)
{
	const char *printed;

	(void)state;
	assert_int_equal(refuse("--json", NULL, &printed), STATUS_USAGE);
	assert_contains(printed, "unrecognized option '--json'");
}

static void test_out_of_memory(void **state)
{
	static const char *const options[][2] = { { "--cgroup", "/cgroup/1" },
						  { "--unit", "web" },
						  { "--comm", "sshd" },
						  { "--uid", "0" } };
	const char *printed;
	size_t i;

	(void)state;
	no_memory_for = ARRAY;
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		assert_int_equal(refuse(options[i][0], options[i][1], &printed), STATUS_FAILED);
		assert_contains(printed, "cannot store the scope: out of memory");
	}
	no_memory_for = TEXT;
	assert_int_equal(refuse("--unit", "web", &printed), STATUS_FAILED);
	assert_contains(printed, "cannot store the scope: out of memory");
	assert_int_equal(refuse("--cgroup", "/cgroup/1", &printed), STATUS_FAILED);
	assert_contains(printed, "cannot store the scope: out of memory");
}

static void add_cgroup(struct scope *scope, const char *path, enum force_membership membership)
{
	assert_int_equal(scope_add_cgroup(scope, path, membership), STATUS_OK);
}

static void test_repeated(void **state)
{
	struct scope *scope = *state;
	enum exit_status status;
	const char *printed;

	add_cgroup(scope, "/c/7", FORCE_INCLUDED);
	add_cgroup(scope, "/c/3", FORCE_INCLUDED);
	add_cgroup(scope, "/other/7", FORCE_INCLUDED);
	add_cgroup(scope, "/c/7", FORCE_EXCLUDED);
	add_cgroup(scope, "/c/3", FORCE_INCLUDED);
	add_cgroup(scope, "/c/3", FORCE_INCLUDED);
	capture_start();
	status = scope_resolve(scope);
	printed = capture_end();
	assert_int_equal(status, STATUS_OK);
	assert_int_equal(scope->n_cgroups, 3);
	assert_int_equal(scope->cgroups[0].id, 3);
	assert_int_equal(scope->cgroups[1].id, 7);
	assert_int_equal(scope->cgroups[1].membership, FORCE_INCLUDED);
	assert_int_equal(scope->cgroups[2].id, 7);
	assert_int_equal(scope->cgroups[2].membership, FORCE_EXCLUDED);
	assert_contains(printed, "warning: cgroup '/c/3' is given twice (ignoring the second)\n");
	assert_contains(printed, "7' is given twice");
}

static void test_distinct(void **state)
{
	struct scope *scope = *state;
	enum exit_status status;
	const char *printed;

	add_cgroup(scope, "/c/4", FORCE_INCLUDED);
	add_cgroup(scope, "/c/2", FORCE_EXCLUDED);
	capture_start();
	status = scope_resolve(scope);
	printed = capture_end();
	assert_int_equal(status, STATUS_OK);
	assert_string_equal(printed, "");
	assert_int_equal(scope->n_cgroups, 2);
	assert_string_equal(scope->cgroups[0].path, "/c/2");
	assert_string_equal(scope->cgroups[1].path, "/c/4");
}

static void test_no_cgroup(void **state)
{
	add_cgroup(*state, "/c/4", FORCE_INCLUDED);
	add_cgroup(*state, "/none", FORCE_INCLUDED);
	assert_int_equal(scope_resolve(*state), STATUS_FAILED);
}

static void test_kernel_paths(void **state)
{
	struct scope *scope = *state;

	add_cgroup(scope, "/c/4", FORCE_INCLUDED);
	assert_int_equal(scope_resolve(scope), STATUS_OK);
	assert_string_equal(scope->cgroups[0].kernel_path.path, "/kernel/c/4");
}

/* That of run: it is not followed. */
static void test_transient(void **state)
{
	struct scope *scope = *state;

	scope->transient = true;
	add_cgroup(scope, "/proc/4", FORCE_INCLUDED);
	assert_int_equal(scope_resolve(scope), STATUS_OK);
	assert_string_equal(scope->cgroups[0].kernel_path.path, "");
	generation = 100;
	scope_refresh(scope);
	assert_int_equal(scope->cgroups[0].id, 4);
}

/* A cgroup that was re-created has a new id; one that is gone keeps that which it had. */
static void test_refresh(void **state)
{
	struct scope *scope = *state;

	add_cgroup(scope, "/proc/self/fd/1", FORCE_INCLUDED);
	add_cgroup(scope, "/nowhere/2", FORCE_INCLUDED);
	assert_int_equal(scope_resolve(scope), STATUS_OK);
	generation = 100;
	scope_refresh(scope);
	assert_int_equal(scope->cgroups[0].id, 101);
	assert_int_equal(scope->cgroups[1].id, 2);
}

static void assert_described(const struct scope *scope, const char *wanted)
{
	char *text = scope_describe(scope);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_description(void **state)
{
	struct scope *scope = *state;

	parse(scope, "--cgroup", "/c/1");
	assert_described(scope, "cgroup '/c/1'");
	parse(scope, "--comm", "fifteen-letters");
	parse(scope, "--uid", "33");
	parse(scope, "--exclude-comm", "sshd");
	parse(scope, "--exclude-cgroup", "/c/1/2");
	assert_described(scope, "cgroup '/c/1', comm 'fifteen-letters', uid 33, "
				"except cgroup '/c/1/2', comm 'sshd'");
	parse(scope, "--all", NULL);
	assert_described(scope, "all tasks, cgroup '/c/1', comm 'fifteen-letters', uid 33, "
				"except cgroup '/c/1/2', comm 'sshd'");
}

static void test_long_description(void **state)
{
	struct scope *scope = *state;

	parse(scope, "--cgroup", "/c/1");
	parse(scope, "--cgroup", "/c/2");
	parse(scope, "--cgroup", "/c/3");
	parse(scope, "--exclude-cgroup", "/c/4");
	assert_described(scope, "cgroup '/c/1', cgroup '/c/2', cgroup '/c/3', except cgroup "
				"'/c/4'");
	parse(scope, "--cgroup", "/c/5");
	assert_described(scope, "4 cgroups, except cgroup '/c/4'");
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, new_scope, free_scope)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_empty),	     test_of(test_cgroups),
		test_of(test_units),	     test_of(test_missing),
		test_of(test_comms),	     test_of(test_wrong_comms),
		test_of(test_uids),	     test_of(test_wrong_uids),
		test_of(test_all),	     test_of(test_foreign_option),
		test_of(test_out_of_memory), test_of(test_repeated),
		test_of(test_distinct),	     test_of(test_no_cgroup),
		test_of(test_description),   test_of(test_long_description),
		test_of(test_kernel_paths),  test_of(test_transient),
		test_of(test_refresh),
	};

	return cmocka_run_group_tests_name("scope", tests, NULL, NULL);
}
