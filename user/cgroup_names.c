// SPDX-License-Identifier: GPL-2.0-or-later
#include <fts.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup.h"
#include "cgroup_names.h"

struct cgroup_name {
	uint64_t id;
	char *path; /* NULL: looked for and not found */
};

struct cgroup_names {
	void *root; /* of tsearch() */
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

/* Without memory it stays unknown. */
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

/* The inode number of a cgroup's directory is its id, where inode numbers have 64 bits. */
static void search_mount(struct cgroup_names *names, uint64_t id)
{
	struct cgroup_mount mount;
	char *const roots[] = { mount.path, NULL };
	const char *below;
	FTSENT *entry;
	FTS *walk;

	if (cgroup_find_mount(&mount))
		return;
	walk = fts_open(roots, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
	while (walk && (entry = fts_read(walk))) {
		if (entry->fts_info != FTS_D || entry->fts_statp->st_ino != id)
			continue;
		below = entry->fts_path + strlen(mount.path);
		cgroup_names_add(names, id, *below ? below : "/");
		break;
	}
	if (walk)
		fts_close(walk);
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
