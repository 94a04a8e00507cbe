// SPDX-License-Identifier: GPL-2.0-or-later
/* The paths of cgroups: found once, kept when they are gone. Any directory serves for the hierarchy. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "watch/cgroup_names.h"
#include "common/fixture.h"

static const char *mounted_at; /* NULL: nowhere */
static unsigned int searches;

int __wrap_cgroup_find_mount(struct cgroup_mount *mount);

int __wrap_cgroup_find_mount(struct cgroup_mount *mount)
{
	searches++;
	if (!mounted_at)
		return -ENOENT;
	snprintf(mount->path, sizeof(mount->path), "%s", mounted_at);
	strcpy(mount->root, "/");
	return 0;
}

static int set_up(void **state)
{
	int err = make_directory(state);

	mounted_at = *state;
	searches = 0;
	return err;
}

static uint64_t id_of(const char *path)
{
	struct stat file;

	assert_int_equal(stat(path, &file), 0);
	return file.st_ino;
}

static void test_remembered(void **state)
{
	struct cgroup_names *names = cgroup_names_new();

	(void)state;
	assert_non_null(names);
	assert_null(cgroup_names_find(names, 1));
	cgroup_names_add(names, 2, "/b");
	cgroup_names_add(names, 1, "/a");
	cgroup_names_add(names, UINT64_MAX, "/c");
	assert_string_equal(cgroup_names_find(names, 1), "/a");
	assert_string_equal(cgroup_names_find(names, 2), "/b");
	assert_string_equal(cgroup_names_find(names, UINT64_MAX), "/c");
	assert_null(cgroup_names_find(names, 3));
	cgroup_names_add(names, 1, "/later");
	assert_string_equal(cgroup_names_find(names, 1), "/later");
	assert_int_equal(searches, 0);
	cgroup_names_free(names);
	cgroup_names_free(NULL);
}

static void test_many(void **state)
{
	struct cgroup_names *names = cgroup_names_new();
	char path[32];
	uint64_t id;

	(void)state;
	for (id = 100000; id; id--) {
		snprintf(path, sizeof(path), "/%llu", (unsigned long long)id);
		cgroup_names_add(names, id, path);
	}
	assert_string_equal(cgroup_names_find(names, 1), "/1");
	assert_string_equal(cgroup_names_find(names, 77777), "/77777");
	cgroup_names_free(names);
}

static void test_found(void **state)
{
	struct cgroup_names *names = cgroup_names_new();
	const char *inner = make_inside(make_inside(*state, "app.slice"), "web");
	uint64_t id = id_of(inner);
	bool is_new = false;

	assert_string_equal(cgroup_names_look_up(names, id, &is_new), "/app.slice/web");
	assert_true(is_new);
	/* Gone, and still known, without another search. */
	assert_int_equal(rmdir(inner), 0);
	assert_string_equal(cgroup_names_look_up(names, id, &is_new), "/app.slice/web");
	assert_false(is_new);
	assert_int_equal(searches, 1);
	/* The root is one too. */
	assert_string_equal(cgroup_names_look_up(names, id_of(*state), &is_new), "/");
	assert_true(is_new);
	cgroup_names_free(names);
}

static void test_not_found(void **state)
{
	struct cgroup_names *names = cgroup_names_new();
	bool is_new = true;

	(void)state;
	assert_null(cgroup_names_look_up(names, 0, &is_new));
	assert_false(is_new);
	assert_null(cgroup_names_look_up(names, 0, &is_new));
	assert_int_equal(searches, 1);
	mounted_at = NULL;
	assert_null(cgroup_names_look_up(names, 7, &is_new));
	assert_false(is_new);
	cgroup_names_free(names);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, set_up, remove_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_remembered),
		test_of(test_many),
		test_of(test_found),
		test_of(test_not_found),
	};

	return cmocka_run_group_tests_name("cgroup_names", tests, NULL, NULL);
}
