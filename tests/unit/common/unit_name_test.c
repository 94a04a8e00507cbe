// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of systemd units: which are valid, and where the cgroup of each is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/exit_status.h"
#include "common/fixture.h"
#include "common/unit_name.h"

static void assert_name(const char *text, const char *wanted)
{
	char name[UNIT_NAME_SIZE];

	unit_name_parse(text, name);
	assert_string_equal(name, wanted);
}

/* In a child, since that is what a usage error ends. */
static void assert_refused(const char *text, const char *message)
{
	char name[UNIT_NAME_SIZE];
	int status;
	pid_t child;

	capture_start();
	child = fork();
	if (child == 0) {
		unit_name_parse(text, name);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_contains(capture_end(), message);
	assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, STATUS_USAGE);
}

static void test_names(void **state)
{
	(void)state;
	assert_name("nginx", "nginx.service");
	assert_name("nginx.service", "nginx.service");
	assert_name("php8.2-fpm", "php8.2-fpm.service");
	assert_name("postgresql@15-main", "postgresql@15-main.service");
	assert_name("user-1000.slice", "user-1000.slice");
	assert_name("session-1.scope", "session-1.scope");
	assert_name("a\\x2db:c_d", "a\\x2db:c_d.service");
	assert_name("-.slice", "-.slice");
}

static void test_length(void **state)
{
	char longest[UNIT_NAME_SIZE + 1], name[UNIT_NAME_SIZE];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	strcpy(longest + UNIT_NAME_SIZE - 1 - strlen(".scope"), ".scope");
	assert_name(longest, longest);
	longest[UNIT_NAME_SIZE - 1 - strlen(".service")] = '\0';
	unit_name_parse(longest, name);
	assert_int_equal(strlen(name), UNIT_NAME_SIZE - 1);
	strcat(longest, "a");
	assert_refused(longest, "expected a name of 1 to 247 letters, digits");
}

static void test_wrong_names(void **state)
{
	static const char *const wrong[] = { "", "a b", "a/b", "../a", "a*", "a\n", "\xc3\xa9" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_refused(wrong[i], "': expected a name of 1 to 247 letters, digits or any of "
					 ": - _ . \\ @ (for the path of a cgroup, use --cgroup)\n");
	assert_refused("a.timer", "invalid --unit 'a.timer': expected a service, a slice or a "
				  "scope (name the service that it belongs to)\nTry '");
	assert_refused("postgresql@.service",
		       "invalid --unit 'postgresql@.service': it is a template (name an instance, "
		       "such as postgresql@1.service)\nTry '");
	assert_refused("postgresql@", "invalid --unit 'postgresql@': it is a template (name");
	assert_refused("@a", "invalid --unit '@a': nothing is before the '@'");
	assert_refused(".service", "invalid --unit '.service': nothing is before the '.'");
}

static void assert_path(const char *name, const char *slice, const char *wanted)
{
	char path[64];

	assert_int_equal(unit_name_to_path(name, slice, path, sizeof(path)), 0);
	assert_string_equal(path, wanted);
}

static void test_paths(void **state)
{
	(void)state;
	assert_path("nginx.service", "system.slice", "/system.slice/nginx.service");
	assert_path("a@1.service", "system-a.slice", "/system.slice/system-a.slice/a@1.service");
	assert_path("c.service", "a-b-c.slice", "/a.slice/a-b.slice/a-b-c.slice/c.service");
	assert_path("c.service", "a\\x2db.slice", "/a\\x2db.slice/c.service");
	assert_path("system.slice", "-.slice", "/system.slice");
	assert_path("init.scope", "", "/init.scope");
	/* The path of a slice is that of its own slice, and its name. */
	assert_path("a-b.slice", "a.slice", "/a.slice/a-b.slice");
}

/* Names that files in a cgroup could have. */
static void test_escaped(void **state)
{
	(void)state;
	assert_path("cpu.service", "system.slice", "/system.slice/_cpu.service");
	assert_path("io.slice", "", "/_io.slice");
	assert_path("a.service", "memory-a.slice", "/_memory.slice/memory-a.slice/a.service");
	assert_path("_a.service", "", "/__a.service");
	assert_path("cgroup.procs.service", "", "/_cgroup.procs.service");
	assert_path("cpus.service", "", "/cpus.service");
	assert_path("my-cpu.service", "", "/my-cpu.service");
	assert_path("tasks.service", "", "/tasks.service");
}

static void test_long_path(void **state)
{
	char path[16];

	(void)state;
	assert_int_equal(unit_name_to_path("b.service", "a.slice", path, sizeof(path)),
			 -ENAMETOOLONG);
	assert_int_equal(unit_name_to_path("b.service", "a-b-c.slice", path, sizeof(path)),
			 -ENAMETOOLONG);
	assert_int_equal(unit_name_to_path("1234567.scope", "", path, sizeof(path)), 0);
	assert_int_equal(unit_name_to_path("12345678.scope", "", path, sizeof(path)), 0);
	assert_int_equal(unit_name_to_path("123456789.scope", "", path, sizeof(path)),
			 -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	    cmocka_unit_test(test_length),
		cmocka_unit_test(test_wrong_names), cmocka_unit_test(test_paths),
		cmocka_unit_test(test_escaped),	    cmocka_unit_test(test_long_path),
	};

	return cmocka_run_group_tests_name("unit_name", tests, NULL, NULL);
}
