// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "cgroup_names.h"

struct cgroup_name {
	uint64_t id;
	char *path; /* NULL: not found */
};

struct cgroup_names {
	void *root; /* for tsearch() */
};

struct cgroup_names *cgroup_names_new(void)
{
	return calloc(1, sizeof(struct cgroup_names));
}

static int compare(const void *left, const void *right)
{
	const struct cgroup_name *a = left, *b = right;

	return a->id < b->id ? -1 : a->id > b->id;
}

static struct cgroup_name *find(const struct cgroup_names *names, uint64_t id)
{
	const struct cgroup_name wanted = { .id = id };
	struct cgroup_name **known = tfind(&wanted, &names->root, compare);

	return known ? *known : NULL;
}

static void forget(void *name)
{
	free(((struct cgroup_name *)name)->path);
	free(name);
}

/* Returns NULL if there is no memory: the cgroup is then looked up again. */
static struct cgroup_name *find_or_add(struct cgroup_names *names, uint64_t id)
{
	struct cgroup_name *name = find(names, id);

	if (name)
		return name;
	name = calloc(1, sizeof(*name));
	if (!name)
		return NULL;
	name->id = id;
	if (tsearch(name, &names->root, compare))
		return name;
	free(name);
	return NULL;
}

void cgroup_names_add(struct cgroup_names *names, uint64_t id, const char *path)
{
	struct cgroup_name *name = find_or_add(names, id);

	if (!name)
		return;
	free(name->path);
	name->path = path ? strdup(path) : NULL;
}

const char *cgroup_names_find(const struct cgroup_names *names, uint64_t id)
{
	const struct cgroup_name *known = find(names, id);

	return known ? known->path : NULL;
}

/*
 * Find the directory with this inode number below the one at fd, which this closes. path has room for PATH_MAX
 * bytes, and already contains length bytes; if the directory is found, its path is appended. Relies on what
 * readdir() returns, without a stat() for each of the many files of a cgroup.
 */
static bool search_below(int fd, uint64_t id, char *path, size_t length)
{
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool found = false;
	int added;

	while (directory && !found && (entry = readdir(directory))) {
		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, ".."))
			continue;
		added = snprintf(path + length, PATH_MAX - length, "/%s", entry->d_name);
		if (added < 0 || length + (size_t)added >= PATH_MAX)
			continue;
		found = entry->d_ino == id ||
			search_below(openat(fd, entry->d_name,
					    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC),
				     id, path, length + (size_t)added);
	}
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	return found;
}

/* Where inode numbers have 64 bits, that of a cgroup's directory is the cgroup's ID. */
static void search_mount(struct cgroup_names *names, uint64_t id)
{
	struct cgroup_mount mount;
	char path[PATH_MAX];
	struct stat root;
	int fd;

	if (cgroup_find_mount(&mount))
		return;
	fd = open(mount.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (!fstat(fd, &root) && root.st_ino == id) {
		close(fd);
		cgroup_names_add(names, id, "/");
	} else if (search_below(fd, id, path, 0)) {
		cgroup_names_add(names, id, path);
	}
}

const char *cgroup_names_look_up(struct cgroup_names *names, uint64_t id, bool *is_new)
{
	const char *path;

	*is_new = false;
	if (find(names, id))
		return cgroup_names_find(names, id);
	search_mount(names, id);
	path = cgroup_names_find(names, id);
	*is_new = path != NULL;
	if (!path)
		cgroup_names_add(names, id, NULL);
	return path;
}

void cgroup_names_free(struct cgroup_names *names)
{
	if (!names)
		return;
	tdestroy(names->root, forget);
	free(names);
}
