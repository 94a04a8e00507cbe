// SPDX-License-Identifier: GPL-2.0-or-later
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "cgroup.h"
#include "log.h"
#include "usage.h"

/* Decode, in place, the octal escapes (\040 for a space) that mountinfo uses for special characters. */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (*text == '\\' && strspn(text + 1, "01234567") >= 3) {
			*out++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 |
					(text[3] - '0'));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

/* One line of mountinfo(5): "36 35 98:0 /root /path options... - cgroup2 source super-options". */
static bool parse_mount(char *line, struct cgroup_mount *mount)
{
	static_assert(PATH_MAX == 4096, "the widths below are PATH_MAX - 1");
	const char *type = strstr(line, " - ");

	if (!type || strncmp(type, " - cgroup2 ", strlen(" - cgroup2 ")) != 0)
		return false;
	if (sscanf(line, "%*s %*s %*s %4095s %4095s", mount->root, mount->path) != 2)
		return false;
	unescape(mount->root);
	unescape(mount->path);
	return true;
}

int cgroup_find_mount(struct cgroup_mount *mount)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char *line = NULL;
	size_t size = 0;
	int err = -ENOENT;

	if (!file)
		return -errno;
	while (err && getline(&line, &size, file) > 0) {
		if (parse_mount(line, mount))
			err = 0;
	}
	free(line);
	fclose(file);
	return err;
}

/* Logs that path is not a cgroup v2 directory, and where to find these. */
static enum exit_status not_cgroup2(const char *path, bool is_v1)
{
	struct cgroup_mount mount;

	if (cgroup_find_mount(&mount))
		log_error("cannot use cgroup '%s': cgroup v2 is not mounted (mount it: mount -t "
			  "cgroup2 none /sys/fs/cgroup)",
			  path);
	else
		log_error(
			"cannot use cgroup '%s': it is %s (give a path in '%s', where cgroup v2 is "
			"mounted)",
			path, is_v1 ? "a cgroup v1 directory" : "not a cgroup", mount.path);
	return STATUS_FAILED;
}

static enum exit_status check_filesystem(int fd, const char *path)
{
	struct statfs fs;

	if (fstatfs(fd, &fs)) {
		log_error("cannot read the file system type of '%s': %s", path, strerror(errno));
		return STATUS_FAILED;
	}
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return STATUS_OK;
	return not_cgroup2(path, fs.f_type == CGROUP_SUPER_MAGIC);
}

/* The kernfs id is the content of the directory's file handle (FILEID_KERNFS). */
static int read_handle(int fd, uint64_t *id)
{
	struct {
		struct file_handle handle;
		uint64_t id;
	} buffer = { .handle.handle_bytes = sizeof(buffer.id) };
	int mount_id;

	if (name_to_handle_at(fd, "", &buffer.handle, &mount_id, AT_EMPTY_PATH))
		return -errno;
	memcpy(id, buffer.handle.f_handle, sizeof(*id));
	return 0;
}

/* The systemd unit that a path names, or NULL. Only systemd knows where its cgroup is: slices can be nested. */
static const char *unit_of(const char *path)
{
	static const char *const types[] = { ".slice", ".service", ".scope" };
	const char *name = strrchr(path, '/'), *type;
	size_t i;

	name = name ? name + 1 : path;
	type = strrchr(name, '.');
	for (i = 0; type && i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(type, types[i]) == 0)
			return name;
	}
	return NULL;
}

/* The remedy depends on what creates the cgroup, and on whether the path is absolute. */
static enum exit_status cannot_find(const char *path, const struct cgroup_remedies *remedies)
{
	const char *unit = remedies->dispensable ? NULL : unit_of(path);

	if (unit && path[0] == '/')
		log_error(
			"cannot open cgroup '%s': %s (systemd creates it when it starts the unit; "
			"'systemctl show -P ControlGroup %s' prints its path)",
			path, strerror(ENOENT), unit);
	else if (unit)
		log_error(
			"cannot open cgroup '%s': %s (give the full path: /sys/fs/cgroup followed "
			"by what 'systemctl show -P ControlGroup %s' prints)",
			path, strerror(ENOENT), unit);
	else if (path[0] != '/' && !remedies->dispensable)
		log_error("cannot open cgroup '%s': %s (give the full path, such as "
			  "/sys/fs/cgroup/app)",
			  path, strerror(ENOENT));
	else
		log_error("cannot open cgroup '%s': %s (%s)", path, strerror(ENOENT),
			  remedies->if_missing);
	return STATUS_FAILED;
}

static enum exit_status cannot_open(const char *path, int err)
{
	log_error("cannot open cgroup '%s': %s%s", path, strerror(err),
		  err == ENOTDIR ? " (give the directory of the cgroup)" : "");
	return status_of_errno(err);
}

static enum exit_status refuse_root(const char *path, const char *remedy)
{
	log_error("cannot use cgroup '%s': it is the root of the hierarchy (%s)", path, remedy);
	usage_hint();
	return STATUS_USAGE;
}

static enum exit_status read_id(const char *path, const struct cgroup_remedies *remedies,
				uint64_t *id)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
	enum exit_status status;

	if (fd < 0)
		return errno == ENOENT ? cannot_find(path, remedies) : cannot_open(path, errno);
	status = check_filesystem(fd, path);
	err = status ? 0 : read_handle(fd, id);
	close(fd);
	if (err) {
		log_error("cannot read the id of cgroup '%s': %s", path, strerror(-err));
		return STATUS_FAILED;
	}
	if (!status && *id == CGROUP_ROOT_ID)
		return refuse_root(path, remedies->if_root);
	return status;
}

/* The inode of the initial cgroup namespace (PROC_CGROUP_INIT_INO in linux/proc_ns.h). */
#define INITIAL_CGROUP_NAMESPACE 0xeffffffbU

static bool in_initial_namespace(void)
{
	struct stat namespace;

	return !stat("/proc/self/ns/cgroup", &namespace) &&
	       namespace.st_ino == INITIAL_CGROUP_NAMESPACE;
}

/* Returns 0, or -errno: -EXDEV in a cgroup namespace, whose root is not the hierarchy's. */
static int find_kernel_path(const char *path, char *kernel_path, size_t size)
{
	struct cgroup_mount mount;
	size_t length;
	char *real;
	int err;

	if (!in_initial_namespace())
		return -EXDEV;
	err = cgroup_find_mount(&mount);
	if (err)
		return err;
	real = realpath(path, NULL);
	if (!real)
		return -errno;
	length = strlen(mount.path);
	if (strncmp(real, mount.path, length) != 0 || real[length] != '/')
		err = -ENOENT;
	else if (snprintf(kernel_path, size, "%s%s", strcmp(mount.root, "/") ? mount.root : "",
			  real + length) >= (int)size)
		err = -ENAMETOOLONG;
	free(real);
	return err;
}

/* Whether the path could be realpath()'s result. */
static bool is_canonical(const char *path)
{
	size_t length = strlen(path);

	return path[0] == '/' && length > 1 && path[length - 1] != '/' && !strstr(path, "//") &&
	       !strstr(path, "/./") && !strstr(path, "/../") &&
	       (length < 2 || strcmp(path + length - 2, "/.") != 0) &&
	       (length < 3 || strcmp(path + length - 3, "/..") != 0);
}

int cgroup_resolve_missing(const char *path, char *kernel_path, size_t size)
{
	struct cgroup_mount mount;
	size_t length;
	int err;

	if (access(path, F_OK) == 0)
		return -EEXIST;
	if (!in_initial_namespace())
		return -EXDEV;
	err = cgroup_find_mount(&mount);
	if (err)
		return err;
	length = strlen(mount.path);
	if (!is_canonical(path) || strncmp(path, mount.path, length) != 0 || path[length] != '/')
		return -ENOENT;
	return snprintf(kernel_path, size, "%s%s", strcmp(mount.root, "/") ? mount.root : "",
			path + length) >= (int)size
		       ? -ENAMETOOLONG
		       : 0;
}

enum exit_status cgroup_resolve(const char *path, const struct cgroup_remedies *remedies,
				uint64_t *id, char *kernel_path, size_t size)
{
	enum exit_status status = read_id(path, remedies, id);
	int err;

	if (status || !kernel_path)
		return status;
	err = find_kernel_path(path, kernel_path, size);
	if (err) {
		kernel_path[0] = '\0';
		log_warning("cannot follow cgroup '%s' if it is removed and re-created: %s "
			    "(restart this program then)",
			    path,
			    err == -EXDEV ? "this process is in a cgroup namespace"
					  : strerror(-err));
	}
	return STATUS_OK;
}
