// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "cgroup_programs.h"
#include "common/cgroup.h"
#include "common/log.h"
#include "iterator.h"

static const enum bpf_attach_type attach_types[FORCE_CGROUP_PROGRAMS] = {
	[FORCE_CGROUP_SET_OPTION] = BPF_CGROUP_SETSOCKOPT,
	[FORCE_CGROUP_GET_OPTION] = BPF_CGROUP_GETSOCKOPT,
	[FORCE_CGROUP_APPLY_OPTIONS] = BPF_CGROUP_SOCK_OPS,
	[FORCE_CGROUP_CONNECT4] = BPF_CGROUP_INET4_CONNECT,
	[FORCE_CGROUP_CONNECT6] = BPF_CGROUP_INET6_CONNECT,
};

/* Directories of cgroups, none of which is below another one. */
struct directories {
	char **paths;
	size_t count;
};

/* Whether path is that directory, or below it. */
static bool is_below(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	return strncmp(path, directory, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/');
}

static void remove_below(struct directories *directories, const char *path)
{
	size_t i, kept = 0;

	for (i = 0; i < directories->count; i++) {
		if (is_below(directories->paths[i], path))
			free(directories->paths[i]);
		else
			directories->paths[kept++] = directories->paths[i];
	}
	directories->count = kept;
}

/* Takes the path, which is to be freed. Programs run for descendants too: twice would be too often. */
static int add_directory(struct directories *directories, char *path)
{
	char **longer;
	size_t i;

	for (i = 0; i < directories->count; i++) {
		if (is_below(path, directories->paths[i])) {
			free(path);
			return 0;
		}
	}
	remove_below(directories, path);
	longer = reallocarray(directories->paths, directories->count + 1, sizeof(*longer));
	if (!longer) {
		free(path);
		return -ENOMEM;
	}
	directories->paths = longer;
	directories->paths[directories->count++] = path;
	return 0;
}

/* The parent is still there when a cgroup is removed and re-created. */
static int add_cgroup(struct directories *directories, const char *cgroup, bool transient)
{
	char *path = realpath(cgroup, NULL), *last;

	if (!path)
		return -errno;
	last = strrchr(path, '/');
	if (!transient && last && last != path)
		*last = '\0';
	return add_directory(directories, path);
}

static int add_root(struct directories *directories)
{
	struct cgroup_mount mount;
	int err = cgroup_find_mount(&mount);
	char *path;

	if (err)
		return err;
	path = strdup(mount.path);
	return path ? add_directory(directories, path) : -ENOMEM;
}

/*
 * For a scope that no process can attach to again: the cgroup at the top of the hierarchy, such as system.slice, lasts
 * even if those below it are removed. The parent of a cgroup at the top is the root.
 */
static int add_lasting(struct directories *directories, const struct scope_cgroup *cgroup)
{
	const char *name = cgroup->kernel_path.path + 1, *slash = strchr(name, '/');
	struct cgroup_mount mount;
	int err = cgroup_find_mount(&mount);
	char *path;

	if (err)
		return err;
	if (!slash || strcmp(mount.root, "/") != 0)
		return add_root(directories);
	if (asprintf(&path, "%s/%.*s", mount.path, (int)(slash - name), name) < 0)
		return -ENOMEM;
	if (access(path, F_OK) == 0)
		return add_directory(directories, path);
	free(path);
	return add_root(directories);
}

static int add_cgroup_of(struct directories *directories, const struct scope *scope,
			 const struct scope_cgroup *cgroup)
{
	/* One that does not exist yet may also lack its parent. */
	if (scope->persistent || !cgroup->id)
		return add_lasting(directories, cgroup);
	return add_cgroup(directories, cgroup->path, scope->transient);
}

static int find_directories(struct directories *directories, const struct scope *scope)
{
	int err = scope->all || scope->n_comms || scope->n_uids ? add_root(directories) : 0;
	size_t i;

	for (i = 0; !err && i < scope->n_cgroups; i++) {
		if (scope->cgroups[i].membership & FORCE_INCLUDED)
			err = add_cgroup_of(directories, scope, &scope->cgroups[i]);
	}
	return err;
}

static int attach_program(struct cgroup_programs *programs, int cgroup, int program,
			  enum bpf_attach_type type)
{
	int link = bpf_link_create(program, cgroup, type, NULL);

	if (link < 0)
		return -errno;
	programs->links[programs->count++] = link;
	return 0;
}

static int attach_to(struct cgroup_programs *programs, const struct attachment *attachment,
		     const char *path)
{
	int cgroup = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	size_t i;

	if (cgroup < 0)
		return -errno;
	for (i = 0; !err && i < FORCE_CGROUP_PROGRAMS; i++) {
		if (attachment->cgroup_programs[i] >= 0)
			err = attach_program(programs, cgroup, attachment->cgroup_programs[i],
					     attach_types[i]);
	}
	close(cgroup);
	return err;
}

static void warn(const char *path, int err)
{
	log_warning("cannot attach to cgroup '%s': %s (socket options that MPTCP refuses are not "
		    "bridged there, and bound sockets can send over other devices)",
		    path, strerror(-err));
}

static void open_changes(struct cgroup_programs *programs, int program)
{
	int link = program < 0 ? -1 : bpf_link_create(program, 0, BPF_TRACE_ITER, NULL);

	if (link > 0)
		programs->changes_link = link;
}

/* In a new cgroup there are no sockets. */
static void mark_earlier_sockets(const struct attachment *attachment, const struct scope *scope)
{
	int link;

	if (scope->transient || attachment->programs[FORCE_PROGRAM_MARK_EARLIER] < 0 ||
	    attachment->cgroup_programs[FORCE_CGROUP_SET_OPTION] < 0)
		return;
	link = bpf_link_create(attachment->programs[FORCE_PROGRAM_MARK_EARLIER], 0, BPF_TRACE_ITER,
			       NULL);
	if (link < 0) {
		log_warning(
			"cannot find the MPTCP sockets that are already open: %s (their socket options "
			"are bridged as well)",
			strerror(errno));
		return;
	}
	iterator_run(link);
	close(link);
}

void cgroup_programs_attach(struct cgroup_programs *programs, const struct attachment *attachment,
			    const struct scope *scope)
{
	struct directories directories = { 0 };
	int err = find_directories(&directories, scope);
	size_t i;

	if (!err) {
		programs->links = calloc(directories.count + 1,
					 FORCE_CGROUP_PROGRAMS * sizeof(*programs->links));
		err = programs->links ? 0 : -ENOMEM;
	}
	if (err)
		log_warning("cannot find the cgroups in which to bridge socket options: %s",
			    strerror(-err));
	for (i = 0; i < directories.count; i++) {
		err = programs->links ? attach_to(programs, attachment, directories.paths[i]) : 0;
		if (err)
			warn(directories.paths[i], err);
		free(directories.paths[i]);
	}
	free(directories.paths);
	open_changes(programs, attachment->programs[FORCE_PROGRAM_APPLY_EXISTING]);
	mark_earlier_sockets(attachment, scope);
}

/* Not at once: a program that sets one option sets more, or does so all the time. */
void cgroup_programs_apply_changes(const struct cgroup_programs *programs)
{
	const struct timespec pause = { .tv_nsec = 50 * 1000000L };

	nanosleep(&pause, NULL);
	if (programs->changes_link)
		iterator_run(programs->changes_link);
}

void cgroup_programs_detach(struct cgroup_programs *programs)
{
	size_t i;

	for (i = 0; i < programs->count; i++)
		close(programs->links[i]);
	free(programs->links);
	if (programs->changes_link)
		close(programs->changes_link);
	memset(programs, 0, sizeof(*programs));
}
