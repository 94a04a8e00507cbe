// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fixture.h"

static unsigned int open_before;

static unsigned int count_open(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* By its real path, which is what a mount is known by. */
int make_directory(void **state)
{
	char template[] = "/tmp/mptcp-force-unit-XXXXXX";

	open_before = count_open();
	*state = mkdtemp(template) ? realpath(template, NULL) : NULL;
	return *state ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

int remove_directory(void **state)
{
	int err = nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	return err || count_open() != open_before ? -1 : 0;
}

const char *make_inside(const char *directory, const char *name)
{
	static char made[PATH_MAX];
	char path[PATH_MAX]; /* since directory may be what this returned before */

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	assert_int_equal(mkdir(path, 0755), 0);
	return strcpy(made, path);
}
