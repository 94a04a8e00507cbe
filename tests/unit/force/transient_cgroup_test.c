// SPDX-License-Identifier: GPL-2.0-or-later
/* The cgroup of 'run': where it is created, what it is called, and which cgroups of earlier runs are removed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fixture.h"
#include "force/transient_cgroup.h"
#include "transient_fixture.h"

/* Made in this directory below the mount, and gone again. */
static void assert_made_in(const char *mounted, const char *directory)
{
	struct transient_cgroup cgroup;
	char wanted[PATH_MAX];
	struct stat stat;

	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	snprintf(wanted, sizeof(wanted), "%s%s", mounted, directory);
	assert_string_equal(cgroup.parent, wanted);
	snprintf(wanted, sizeof(wanted), "%s%s/" PREFIX "%d", mounted, directory, getpid());
	assert_string_equal(cgroup.path, wanted);
	assert_int_equal(lstat(wanted, &stat), 0);
	assert_int_equal(transient_cgroup_remove(&cgroup), 0);
	assert_int_equal(cgroup.fd, -1);
	assert_int_equal(lstat(wanted, &stat), -1);
	assert_int_equal(hierarchy.pauses, 0);
}

static void test_below_own(void **state)
{
	assert_made_in(*state, "/caller");
}

/* Others at their start take a directory that is not locked yet for one that was left. */
static void test_stolen(void **state)
{
	struct transient_cgroup cgroup;
	enum exit_status status;

	(void)state;
	hierarchy.times_stolen = 10;
	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	assert_int_equal(hierarchy.times_stolen, 0);
	/* Not under a name that one of them may be about to remove. */
	assert_non_null(strstr(cgroup.path, "-11"));
	assert_int_equal(transient_cgroup_remove(&cgroup), 0);
	hierarchy.times_stolen = UINT_MAX;
	capture_start();
	status = transient_cgroup_create(&cgroup);
	assert_contains(capture_end(), "cannot create cgroup '");
	assert_int_equal(status, STATUS_FAILED);
}

static void test_below_root(void **state)
{
	mount_at(*state, "/", "/");
	assert_made_in(*state, "");
}

/* In a container that is shown a part of the hierarchy, and knows its path in the whole of it. */
static void test_part(void **state)
{
	mount_at(*state, "/docker/1", "/docker/1/caller");
	assert_made_in(*state, "/caller");
	mount_at(*state, "/docker/1", "/docker/1");
	assert_made_in(*state, "");
	/* One that has a cgroup namespace too knows its path in the part. */
	mount_at(*state, "/docker/1", "/caller");
	assert_made_in(*state, "/caller");
	/* Such a path may start like that of the part. */
	make_inside(*state, "docker");
	make_inside(*state, "docker/10");
	mount_at(*state, "/docker/1", "/docker/10");
	assert_made_in(*state, "/docker/10");
}

/* transient_cgroup_create() must return this status, and print this message. */
static void assert_not_made(enum exit_status wanted, const char *message)
{
	struct transient_cgroup cgroup;
	enum exit_status status;
	const char *printed;

	capture_start();
	status = transient_cgroup_create(&cgroup);
	printed = capture_end();
	assert_int_equal(status, wanted);
	assert_contains(printed, message);
	assert_ptr_equal(strchr(printed, '\n'), strrchr(printed, '\n'));
}

static void test_no_cgroup2(void **state)
{
	(void)state;
	fake_file("/proc/self/cgroup", "12:pids:/v1\n1:name=systemd:/systemd\n");
	assert_not_made(STATUS_FAILED, "cannot read the cgroup of this process from "
				       "/proc/self/cgroup: No such file or directory");
	fake_file("/proc/self/mountinfo", "");
	assert_not_made(STATUS_FAILED,
			"cannot find the cgroup of this process: cgroup v2 is not mounted "
			"(mount it: mount -t cgroup2 "
			"none /sys/fs/cgroup)");
}

static void test_cannot_make(void **state)
{
	(void)state;
	hierarchy.mkdir_error = EACCES;
	assert_not_made(STATUS_NOT_PERMITTED, "/caller/" PREFIX);
	hierarchy.mkdir_error = EAGAIN; /* cgroup.max.descendants is reached */
	assert_not_made(STATUS_FAILED,
			"': Resource temporarily unavailable (a limit is reached, cgroup.max.d");
	hierarchy.mkdir_error = EROFS;
	assert_not_made(STATUS_FAILED,
			"': Read-only file system (the hierarchy is mounted read-only");
	hierarchy.mkdir_error = 0;
	mount_at(*state, "/", "/nowhere");
	assert_not_made(STATUS_FAILED, "': No such file or directory");
}

static void test_long_path(void **state)
{
	char own[PATH_MAX];

	memset(own, 'a', sizeof(own));
	own[0] = '/';
	own[sizeof(own) - 1] = '\0';
	mount_at(*state, "/", own);
	assert_not_made(STATUS_FAILED, "its path is too long");
	/* Room for the parent, but not for what is to be made in it. */
	own[sizeof(own) - 1 - strlen(*state)] = '\0';
	mount_at(*state, "/", own);
	assert_not_made(STATUS_FAILED, "': the path would be too long");
}

static unsigned int count_entries(const char *path)
{
	DIR *directory = opendir(path);
	unsigned int count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count - 2; /* . and .. */
}

static void test_stale(void **state)
{
	char caller[PATH_MAX];
	int used;

	snprintf(caller, sizeof(caller), "%s/caller", (char *)*state);
	make_inside(caller, PREFIX "1");
	make_inside(caller, PREFIX "22");
	make_inside(caller, "mptcp-force-demo");
	make_inside(make_inside(caller, PREFIX "333"), "with-a-child");
	used = open(make_inside(caller, PREFIX "4444"), O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(used, LOCK_EX), 0);
	assert_int_equal(count_entries(caller), 5);
	assert_made_in(*state, "/caller");
	assert_int_equal(count_entries(caller), 3);
	/* Who used it is gone. */
	close(used);
	assert_made_in(*state, "/caller");
	assert_int_equal(count_entries(caller), 2);
}

/* Another process has the same number in its PID namespace, or had it and left something. */
static void test_name_taken(void **state)
{
	char caller[PATH_MAX], name[64];
	struct transient_cgroup cgroup;
	int used;

	snprintf(caller, sizeof(caller), "%s/caller", (char *)*state);
	snprintf(name, sizeof(name), PREFIX "%d", getpid());
	used = open(make_inside(caller, name), O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(used, LOCK_EX), 0);
	snprintf(name, sizeof(name), PREFIX "%d-2", getpid());
	make_inside(make_inside(caller, name), "with-a-child");
	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	snprintf(name, sizeof(name), "/caller/" PREFIX "%d-3", getpid());
	assert_string_equal(cgroup.path + strlen(*state), name);
	assert_int_equal(transient_cgroup_remove(&cgroup), 0);
	assert_int_equal(count_entries(caller), 2);
	close(used);
}

static void test_all_names_taken(void **state)
{
	(void)state;
	hierarchy.mkdir_error = EEXIST;
	assert_not_made(STATUS_FAILED, "': File exists");
}

static void test_threaded(void **state)
{
	char caller[PATH_MAX];

	snprintf(caller, sizeof(caller), "%s/caller", (char *)*state);
	hierarchy.type_of_new = "domain\n";
	assert_made_in(*state, "/caller");
	hierarchy.type_of_new = "domain invalid\n";
	assert_not_made(STATUS_FAILED,
			"/caller': it is a threaded cgroup, which cannot contain one");
	assert_int_equal(count_entries(caller), 0);
}

/* While it is there, nobody else takes it for a stale one. */
static void test_locked(void **state)
{
	struct transient_cgroup cgroup;
	int fd;

	(void)state;
	assert_int_equal(transient_cgroup_create(&cgroup), STATUS_OK);
	fd = open(cgroup.path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	close(fd);
	assert_int_equal(transient_cgroup_remove(&cgroup), 0);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, transient_set_up, transient_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_below_own),  test_of(test_stolen),		 test_of(test_below_root),
		test_of(test_part),	  test_of(test_no_cgroup2),	 test_of(test_cannot_make),
		test_of(test_long_path),  test_of(test_stale),		 test_of(test_locked),
		test_of(test_name_taken), test_of(test_all_names_taken), test_of(test_threaded),
	};

	return cmocka_run_group_tests_name("transient_cgroup", tests, NULL, NULL);
}
