// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "common/log.h"
#include "transient_cgroup.h"

#define NAME_PREFIX "mptcp-force-run-"

/* Give up after this many rounds of moving and removing: tasks may fork faster than they are moved. */
#define REMOVE_ROUNDS 100

/* Attempts can fail because a name is in use, or because another run removes the new cgroup as stale. */
#define CREATE_ATTEMPTS 1000

/* Read the v2 line of /proc/self/cgroup, "0::/path": the path relative to the cgroup namespace's root. */
static int read_own_path(char *path, size_t size)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char *line = NULL;
	size_t capacity = 0;
	int err = -ENOENT;

	if (!file)
		return -errno;
	while (err && getline(&line, &capacity, file) > 0) {
		if (strncmp(line, "0::", 3) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		err = snprintf(path, size, "%s", line + 3) < (int)size ? 0 : -ENAMETOOLONG;
	}
	free(line);
	fclose(file);
	return err;
}

/* Find the directory of this process's cgroup. Returns an exit status. */
static enum exit_status find_own_directory(char *directory, size_t size)
{
	struct cgroup_mount mount;
	char own[PATH_MAX] = "";
	const char *below = own;
	size_t root_length;
	int err;

	err = cgroup_find_mount(&mount);
	if (err) {
		log_error("cannot find the cgroup of this process: cgroup v2 is not mounted "
			  "(mount it: mount -t cgroup2 none /sys/fs/cgroup)");
		return STATUS_FAILED;
	}
	err = read_own_path(own, sizeof(own));
	if (err) {
		log_error("cannot read the cgroup of this process from /proc/self/cgroup: %s",
			  strerror(-err));
		return STATUS_FAILED;
	}
	/* If the mount shows only a part of the hierarchy, our path in it starts below that part. */
	root_length = strcmp(mount.root, "/") == 0 ? 0 : strlen(mount.root);
	if (strncmp(own, mount.root, root_length) == 0 &&
	    (own[root_length] == '/' || own[root_length] == '\0'))
		below += root_length;
	if (snprintf(directory, size, "%s%s", mount.path, strcmp(below, "/") ? below : "") >=
	    (int)size) {
		log_error(
			"cannot use cgroup '%s': its path is too long (run this from another cgroup)",
			own);
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

/* Remove stale cgroups, left by runs that were killed: they are empty and not locked. */
static void remove_stale(const char *parent)
{
	DIR *directory = opendir(parent);
	struct dirent *entry;
	int fd;

	if (!directory)
		return;
	while ((entry = readdir(directory))) {
		if (strncmp(entry->d_name, NAME_PREFIX, strlen(NAME_PREFIX)) != 0)
			continue;
		fd = openat(dirfd(directory), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0 &&
		    unlinkat(dirfd(directory), entry->d_name, AT_REMOVEDIR) == 0)
			log_debug("removed cgroup '%s/%s', left by an earlier run", parent,
				  entry->d_name);
		close(fd);
	}
	closedir(directory);
}

/* Returns 0, or -errno: -ESTALE if another run took the directory for a stale one before it was locked. */
static int lock(struct transient_cgroup *cgroup)
{
	struct stat made, found;
	int err;

	cgroup->fd = open(cgroup->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup->fd < 0)
		return errno == ENOENT ? -ESTALE : -errno;
	if (flock(cgroup->fd, LOCK_EX | LOCK_NB))
		err = errno == EWOULDBLOCK ? -ESTALE : -errno;
	else if (fstat(cgroup->fd, &made) || stat(cgroup->path, &found) ||
		 made.st_ino != found.st_ino)
		err = -ESTALE;
	else
		return 0;
	close(cgroup->fd);
	cgroup->fd = -1;
	return err;
}

/* Returns the result of lock(), or -errno. */
static int make_locked(struct transient_cgroup *cgroup)
{
	int err;

	if (mkdir(cgroup->path, 0755))
		return -errno;
	err = lock(cgroup);
	if (err)
		rmdir(cgroup->path);
	return err;
}

/*
 * Create the cgroup under the first free name. A name can be taken: another process may have the same PID in
 * another PID namespace, or may have had it and left processes in its cgroup. Never retry a name that another run
 * has removed as stale, because it may be about to remove it again. Returns 0, or -errno.
 */
static int make_under_free_name(struct transient_cgroup *cgroup)
{
	int attempts, err, length, suffix = 1;
	size_t size = sizeof(cgroup->path);

	length = snprintf(cgroup->path, size, "%s/" NAME_PREFIX "%d", cgroup->parent, getpid());
	for (attempts = 0; attempts < CREATE_ATTEMPTS; attempts++) {
		if (length >= (int)size)
			return -ENAMETOOLONG;
		err = make_locked(cgroup);
		if (err != -EEXIST && err != -ESTALE)
			return err;
		length = snprintf(cgroup->path, size, "%s/" NAME_PREFIX "%d-%d", cgroup->parent,
				  getpid(), ++suffix);
	}
	return err;
}

/* A new cgroup below a threaded one cannot contain processes until it is threaded, too (cgroups(7)). */
static bool is_below_threaded(const struct transient_cgroup *cgroup)
{
	static const char invalid[] = "domain invalid";
	char type[sizeof(invalid)] = "";
	int fd = openat(cgroup->fd, "cgroup.type", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, type, sizeof(type) - 1) < 0)
		type[0] = '\0';
	close(fd);
	return strcmp(type, invalid) == 0;
}

static const char *remedy_of(int err)
{
	switch (err) {
	case EROFS:
		return " (the hierarchy is mounted read-only, as in a container: run this on the host)";
	case EAGAIN:
		return " (a limit is reached, cgroup.max.descendants or cgroup.max.depth: raise it)";
	default:
		return "";
	}
}

enum exit_status transient_cgroup_create(struct transient_cgroup *cgroup)
{
	enum exit_status status = find_own_directory(cgroup->parent, sizeof(cgroup->parent));
	int err;

	if (status)
		return status;
	remove_stale(cgroup->parent);
	err = make_under_free_name(cgroup);
	if (err == -ENAMETOOLONG) {
		log_error("cannot create a cgroup in '%s': the path would be too long (run "
			  "this from another cgroup)",
			  cgroup->parent);
		return STATUS_FAILED;
	}
	if (err) {
		log_error("cannot create cgroup '%s': %s%s", cgroup->path, strerror(-err),
			  remedy_of(-err));
		return status_of_errno(-err);
	}
	if (!is_below_threaded(cgroup))
		return STATUS_OK;
	log_error("cannot create a cgroup for the command in '%s': it is a threaded "
		  "cgroup, which cannot contain one (run this from another cgroup, "
		  "for example with 'systemd-run --scope')",
		  cgroup->parent);
	transient_cgroup_remove(cgroup);
	return STATUS_FAILED;
}

/* Move the processes of one cgroup. Returns how many were moved, or -errno. */
static int move_processes(int from_fd, const char *to)
{
	int fd = openat(from_fd, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	char path[PATH_MAX + sizeof("/cgroup.procs")], pid[32];
	FILE *processes;
	int to_fd, moved = 0;

	if (fd < 0)
		return -errno;
	processes = fdopen(fd, "r");
	if (!processes) {
		close(fd);
		return -ENOMEM;
	}
	snprintf(path, sizeof(path), "%s/cgroup.procs", to);
	to_fd = open(path, O_WRONLY | O_CLOEXEC);
	if (to_fd < 0) {
		moved = -errno;
		fclose(processes);
		return moved;
	}
	/* A process that has just ended cannot be moved (ESRCH), and need not be. */
	while (fgets(pid, sizeof(pid), processes)) {
		if (write(to_fd, pid, strlen(pid)) > 0)
			moved++;
	}
	close(to_fd);
	fclose(processes);
	return moved;
}

/* Move the processes of the cgroup at fd and of those below it, and remove those below it. */
static int clear(int fd, const char *to)
{
	int copy = dup(fd), moved, inside, child;
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!directory) {
		if (copy >= 0)
			close(copy);
		return -ENOMEM;
	}
	rewinddir(directory);
	moved = move_processes(fd, to);
	while (moved >= 0 && (entry = readdir(directory))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		child = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (child < 0)
			continue;
		inside = clear(child, to);
		close(child);
		moved += inside > 0 ? inside : 0;
		unlinkat(fd, entry->d_name, AT_REMOVEDIR);
	}
	closedir(directory);
	return moved;
}

int transient_cgroup_remove(struct transient_cgroup *cgroup)
{
	const struct timespec pause = { .tv_nsec = 10L * 1000 * 1000 };
	int round, moved, total = 0, err = 0;

	for (round = 0; round < REMOVE_ROUNDS; round++) {
		if (rmdir(cgroup->path) == 0 || errno == ENOENT) {
			err = 0;
			break;
		}
		err = -errno;
		moved = clear(cgroup->fd, cgroup->parent);
		if (moved > 0)
			total += moved;
		/* A task that is about to end cannot be moved, but leaves its cgroup when it ends. */
		if (moved <= 0 || round > 0)
			nanosleep(&pause, NULL);
	}
	close(cgroup->fd);
	cgroup->fd = -1;
	if (err) {
		log_error("cannot remove cgroup '%s': %s", cgroup->path, strerror(-err));
		return err;
	}
	return total;
}
