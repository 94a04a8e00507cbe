// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/fixture.h"
#include "transient_fixture.h"

struct fake_hierarchy hierarchy;

int __wrap_mkdir(const char *path, mode_t mode);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_nanosleep(const struct timespec *time, struct timespec *remaining);
int __wrap_rmdir(const char *path);
int __real_rmdir(const char *path);
int __wrap_unlinkat(int directory, const char *name, int flags);
int __real_unlinkat(int directory, const char *name, int flags);

void write_in_cgroup(const char *cgroup, const char *name, const char *content)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", cgroup, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	fclose(file);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	int err;

	errno = hierarchy.mkdir_error;
	err = hierarchy.mkdir_error ? -1 : __real_mkdir(path, mode);
	if (!err && hierarchy.type_of_new)
		write_in_cgroup(path, "cgroup.type", hierarchy.type_of_new);
	if (hierarchy.times_stolen) {
		hierarchy.times_stolen--;
		__real_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
	}
	return err;
}

int __wrap_nanosleep(const struct timespec *time, struct timespec *remaining)
{
	(void)time;
	(void)remaining;
	hierarchy.pauses++;
	return 0;
}

/* The files of a cgroup go with it. */
int __wrap_rmdir(const char *path)
{
	return __wrap_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int __wrap_unlinkat(int directory, const char *name, int flags)
{
	char file[PATH_MAX];

	if (directory == AT_FDCWD && hierarchy.times_busy) {
		hierarchy.times_busy--;
		errno = EBUSY;
		return -1;
	}
	snprintf(file, sizeof(file), "%s/cgroup.procs", name);
	__real_unlinkat(directory, file, 0);
	snprintf(file, sizeof(file), "%s/cgroup.type", name);
	__real_unlinkat(directory, file, 0);
	return __real_unlinkat(directory, name, flags);
}

void mount_at(const char *directory, const char *root, const char *own)
{
	static char mountinfo[8192], cgroup[8192];

	snprintf(mountinfo, sizeof(mountinfo), "9 8 0:26 %s %s rw - cgroup2 none rw\n", root,
		 directory);
	snprintf(cgroup, sizeof(cgroup), "12:pids:/v1\n1:name=systemd:/systemd\n0::%s\n", own);
	fake_file("/proc/self/mountinfo", mountinfo);
	fake_file("/proc/self/cgroup", cgroup);
}

int transient_set_up(void **state)
{
	hierarchy = (struct fake_hierarchy){ 0 };
	if (make_directory(state))
		return -1;
	make_inside(*state, "caller");
	mount_at(*state, "/", "/caller");
	return 0;
}

int transient_tear_down(void **state)
{
	forget_fake_files(state);
	return remove_directory(state);
}
