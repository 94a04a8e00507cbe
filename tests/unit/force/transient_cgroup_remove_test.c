// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of the cgroup of 'run': what still runs in it is moved, and it is removed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fixture.h"
#include "force/transient_cgroup.h"
#include "transient_fixture.h"

static void test_removed_by_others(void **state)
{
	struct transient_cgroup cgroup;

	(void)state;
	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	assert_int_equal(rmdir(cgroup.path), 0);
	assert_int_equal(transient_cgroup_remove(&cgroup), 0);
}

static void test_processes(void **state)
{
	char path[PATH_MAX], moved[32] = { 0 };
	struct transient_cgroup cgroup;
	struct stat stat;
	int fd;

	/* What is written to it, and by how many writers ever, can be read from a FIFO. */
	snprintf(path, sizeof(path), "%s/caller/cgroup.procs", (char *)*state);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_NONBLOCK);
	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	write_in_cgroup(cgroup.path, "cgroup.procs", "12\n345\n");
	write_in_cgroup(make_inside(cgroup.path, "inner"), "cgroup.procs", "6789\n");
	hierarchy.times_busy = 1;
	assert_int_equal(transient_cgroup_remove(&cgroup), 3);
	assert_true(read(fd, moved, sizeof(moved) - 1) > 0);
	assert_string_equal(moved, "12\n345\n6789\n");
	assert_int_equal(lstat(cgroup.path, &stat), -1);
	assert_int_equal(hierarchy.pauses, 0);
	close(fd);
}

/* Tasks that are about to end cannot be moved, and do not keep a cgroup for long. */
static void test_ending(void **state)
{
	struct transient_cgroup cgroup;
	char caller[PATH_MAX];

	snprintf(caller, sizeof(caller), "%s/caller", (char *)*state);
	write_in_cgroup(caller, "cgroup.procs", "");
	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	write_in_cgroup(cgroup.path, "cgroup.procs", "");
	hierarchy.times_busy = 3;
	assert_int_equal(transient_cgroup_remove(&cgroup), 0);
	assert_int_equal(hierarchy.pauses, 3);
}

static void test_cannot_remove(void **state)
{
	struct transient_cgroup cgroup;
	const char *printed;
	int err;

	(void)state;
	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	hierarchy.times_busy = UINT_MAX;
	capture_start();
	err = transient_cgroup_remove(&cgroup);
	printed = capture_end();
	assert_int_equal(err, -EBUSY);
	assert_contains(printed, "cannot remove cgroup '");
	assert_contains(printed, "': Device or resource busy");
	assert_true(hierarchy.pauses > 10);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, transient_set_up, transient_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_removed_by_others),
		test_of(test_processes),
		test_of(test_ending),
		test_of(test_cannot_remove),
	};

	return cmocka_run_group_tests_name("transient_cgroup_remove", tests, NULL, NULL);
}
