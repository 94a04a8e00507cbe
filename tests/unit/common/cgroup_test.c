// SPDX-License-Identifier: GPL-2.0-or-later
/* Where cgroup v2 is mounted, and which paths are cgroups of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "common/cgroup.h"
#include "fixture.h"

#define MOUNTINFO "/proc/self/mountinfo"

/* Lines as the kernel writes them. */
#define ROOT	  "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
#define CGROUP_V1 "34 25 0:29 / /sys/fs/cgroup/pids rw,nosuid shared:10 - cgroup cgroup rw,pids\n"
#define CGROUP_V2 "29 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw\n"
#define HYBRID	  "33 25 0:28 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"

/* What the kernel says of any directory, unless it is to say the truth. */
static struct {
	bool fake;
	int open_error, statfs_error, handle_error;
	long type;
	uint64_t id;
	bool other_namespace; /* of cgroups */
} kernel;

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap_stat(const char *path, struct stat *status);
int __wrap_fstatfs(int fd, struct statfs *fs);
int __real_fstatfs(int fd, struct statfs *fs);
int __wrap_name_to_handle_at(int fd, const char *path, struct file_handle *handle, int *mount_id,
			     int flags);

int __wrap_open(const char *path, int flags, ...)
{
	if (!kernel.open_error)
		return __real_open(path, flags);
	errno = kernel.open_error;
	return -1;
}

/* The initial one, wherever this test runs. */
int __wrap_stat(const char *path, struct stat *status)
{
	assert_string_equal(path, "/proc/self/ns/cgroup");
	*status = (struct stat){ .st_ino = kernel.other_namespace ? 0xf0000001 : 0xeffffffb };
	return 0;
}

int __wrap_fstatfs(int fd, struct statfs *fs)
{
	if (!kernel.fake)
		return __real_fstatfs(fd, fs);
	fs->f_type = kernel.type;
	errno = kernel.statfs_error;
	return kernel.statfs_error ? -1 : 0;
}

int __wrap_name_to_handle_at(int fd, const char *path, struct file_handle *handle, int *mount_id,
			     int flags)
{
	assert_true(fd >= 0);
	assert_string_equal(path, "");
	assert_int_equal(flags, AT_EMPTY_PATH);
	assert_int_equal(handle->handle_bytes, sizeof(kernel.id));
	*mount_id = 0;
	memcpy(handle->f_handle, &kernel.id, sizeof(kernel.id));
	errno = kernel.handle_error;
	return kernel.handle_error ? -1 : 0;
}

static int set_up(void **state)
{
	memset(&kernel, 0, sizeof(kernel));
	return make_directory(state);
}

static int tear_down(void **state)
{
	forget_fake_files(state);
	return remove_directory(state);
}

static void assert_mount(const char *mountinfo, const char *path, const char *root)
{
	struct cgroup_mount mount;

	fake_file(MOUNTINFO, mountinfo);
	assert_int_equal(cgroup_find_mount(&mount), 0);
	assert_string_equal(mount.path, path);
	assert_string_equal(mount.root, root);
}

static void assert_no_mount(const char *mountinfo)
{
	struct cgroup_mount mount;

	fake_file(MOUNTINFO, mountinfo);
	assert_int_equal(cgroup_find_mount(&mount), -ENOENT);
}

static void test_unified(void **state)
{
	(void)state;
	assert_mount(ROOT CGROUP_V2, "/sys/fs/cgroup", "/");
}

static void test_hybrid(void **state)
{
	(void)state;
	assert_mount(ROOT CGROUP_V1 HYBRID, "/sys/fs/cgroup/unified", "/");
}

static void test_first_of_two(void **state)
{
	(void)state;
	assert_mount(HYBRID CGROUP_V2, "/sys/fs/cgroup/unified", "/");
}

/* In a container: a part of the hierarchy, no optional fields, several of them. */
static void test_part(void **state)
{
	(void)state;
	assert_mount("9 8 0:26 /docker/1 /sys/fs/cgroup ro - cgroup2 cgroup rw\n", "/sys/fs/cgroup",
		     "/docker/1");
	assert_mount("9 8 0:26 /a /c ro shared:1 master:2 - cgroup2 cgroup rw\n", "/c", "/a");
}

static void test_escaped(void **state)
{
	(void)state;
	assert_mount("9 8 0:26 /a\\011b /mnt/un\\040ified\\134\\012 rw - cgroup2 none rw\n",
		     "/mnt/un ified\\\n", "/a\tb");
	/* A backslash that was escaped starts no escape. */
	assert_mount("9 8 0:26 / /mnt/\\134040\\134 rw - cgroup2 none rw\n", "/mnt/\\040\\", "/");
	assert_mount("9 8 0:26 / /mnt/\\303\\251 rw - cgroup2 none rw\n", "/mnt/\303\251", "/");
	assert_mount("9 8 0:26 / /101/102 rw - cgroup2 none rw\n", "/101/102", "/");
}

static void test_not_mounted(void **state)
{
	(void)state;
	assert_no_mount(ROOT CGROUP_V1);
	assert_no_mount("");
	/* The name of a type, but as a source or in a path. */
	assert_no_mount("9 8 0:26 / /mnt/cgroup2 rw - tmpfs cgroup2 rw\n");
	assert_no_mount("9 8 0:26 / /mnt/\\040-\\040cgroup2\\040 rw - tmpfs none rw\n");
	assert_no_mount("9 8 0:26 / /mnt rw - cgroup2fs none rw\n");
	assert_no_mount("9 8 - cgroup2 \n");
	assert_no_mount(NULL);
}

/* A mount of cgroup v2 at the path, showing root. */
static void mount_at(const char *path, const char *root)
{
	static char line[8192];

	snprintf(line, sizeof(line), "9 8 0:26 %s %s rw - cgroup2 none rw\n", root, path);
	fake_file(MOUNTINFO, line);
}

static const struct cgroup_remedies remedies = { .if_missing = "use --all", .if_root = "leave it" };

/* The kernel path of a cgroup; empty, after a warning, if it is not known. */
static const char *kernel_path_of(const char *path, size_t size, const char *warning)
{
	static char kernel_path[64];
	enum exit_status status;
	const char *logged;
	uint64_t id;

	kernel.fake = true;
	kernel.type = CGROUP2_SUPER_MAGIC;
	kernel.id = 2;
	capture_start();
	status = cgroup_resolve(path, &remedies, &id, kernel_path, size);
	logged = capture_end();
	assert_int_equal(status, STATUS_OK);
	assert_int_equal(id, 2);
	if (warning)
		assert_contains(logged, warning);
	else
		assert_string_equal(logged, "");
	return kernel_path;
}

static void test_kernel_path(void **state)
{
	const char *mounted = *state;
	char path[FILENAME_MAX];

	make_inside(mounted, "app");
	mount_at(mounted, "/");
	snprintf(path, sizeof(path), "%s/./app/../app/", mounted);
	assert_string_equal(kernel_path_of(path, 64, NULL), "/app");
	mount_at(mounted, "/docker/1");
	assert_string_equal(kernel_path_of(path, 64, NULL), "/docker/1/app");
}

static void test_kernel_path_size(void **state)
{
	const char *mounted = *state, *app;

	app = make_inside(mounted, "app");
	mount_at(mounted, "/");
	assert_string_equal(kernel_path_of(app, sizeof("/app"), NULL), "/app");
	assert_string_equal(kernel_path_of(app, sizeof("/app") - 1,
					   ": File name too long (restart"),
			    "");
}

static void test_no_kernel_path(void **state)
{
	static const char warning[] = "' if it is removed and re-created: No such file";
	char path[FILENAME_MAX];
	const char *directory = *state;

	snprintf(path, sizeof(path), "%s", make_inside(directory, "cgroup"));
	mount_at(path, "/");
	assert_string_equal(kernel_path_of(directory, 64, warning), "");
	/* A path that merely starts alike. */
	assert_string_equal(kernel_path_of(make_inside(directory, "cgroups"), 64, warning), "");
	fake_file(MOUNTINFO, ROOT);
	assert_string_equal(kernel_path_of(path, 64, warning), "");
	/* What a container sees as its root is none of the kernel's. */
	kernel.other_namespace = true;
	assert_string_equal(kernel_path_of(path, 64,
					   ": this process is in a cgroup namespace (restart"),
			    "");
}

static void assert_missing(const char *mounted, const char *below, int wanted,
			   const char *kernel_path)
{
	char path[FILENAME_MAX], result[16] = "";

	snprintf(path, sizeof(path), "%s%s", mounted, below);
	assert_int_equal(cgroup_resolve_missing(path, result, sizeof(result)), wanted);
	if (!wanted)
		assert_string_equal(result, kernel_path);
}

static void test_missing(void **state)
{
	static const char *const never[] = { "/a/", "//a", "/./a", "/a/.", "/../a", "/a/.." };
	const char *mounted = *state;
	size_t i;

	make_inside(mounted, "app");
	mount_at(mounted, "/");
	assert_missing(mounted, "/app", -EEXIST, NULL);
	assert_missing(mounted, "/later", 0, "/later");
	assert_missing(mounted, "/later/sub", 0, "/later/sub");
	assert_missing(mounted, "/longer/than/that", -ENAMETOOLONG, NULL);
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_missing(mounted, never[i], -ENOENT, NULL);
	/* Not below the mount, but a path that merely starts alike. */
	assert_missing(mounted, "2/later", -ENOENT, NULL);
	mount_at(mounted, "/docker");
	assert_missing(mounted, "/later", 0, "/docker/later");
	kernel.other_namespace = true;
	assert_missing(mounted, "/later", -EXDEV, NULL);
}

/* cgroup_resolve() must end like this, and print this message. */
static void assert_not_read(const char *path, enum exit_status wanted, const char *message)
{
	enum exit_status status;
	const char *printed;
	uint64_t id;

	capture_start();
	status = cgroup_resolve(path, &remedies, &id, NULL, 0);
	printed = capture_end();
	assert_int_equal(status, wanted);
	assert_contains(printed, message);
}

static void test_id(void **state)
{
	uint64_t id = 0;

	kernel.fake = true;
	kernel.type = CGROUP2_SUPER_MAGIC;
	kernel.id = 0x100000002;
	assert_int_equal(cgroup_resolve(*state, &remedies, &id, NULL, 0), STATUS_OK);
	assert_int_equal(id, 0x100000002);
}

static void test_root(void **state)
{
	kernel.fake = true;
	kernel.type = CGROUP2_SUPER_MAGIC;
	kernel.id = CGROUP_ROOT_ID;
	assert_not_read(*state, STATUS_USAGE,
			": it is the root of the hierarchy (leave it)\nTry '");
}

static void test_no_id(void **state)
{
	kernel.fake = true;
	kernel.type = CGROUP2_SUPER_MAGIC;
	kernel.handle_error = EOPNOTSUPP;
	assert_not_read(*state, STATUS_FAILED, "cannot read the id of cgroup '/tmp/");
}

static void test_cannot_open(void **state)
{
	static const struct cgroup_remedies dispensable = { .if_missing = "leave it out",
							    .dispensable = true };
	uint64_t id;
	char file[FILENAME_MAX];

	assert_not_read(
		"/nowhere/app", STATUS_FAILED,
		"cannot open cgroup '/nowhere/app': No such file or directory (use --all)\n");
	/* Those of systemd are not the user's to make. */
	assert_not_read("/nowhere/app-web.slice", STATUS_FAILED,
			"cannot open cgroup '/nowhere/app-web.slice': No such file or directory "
			"(systemd creates it when it starts the unit; 'systemctl show -P "
			"ControlGroup app-web.slice' prints its path)\n");
	assert_not_read("/nowhere/a.service", STATUS_FAILED, "ControlGroup a.service'");
	assert_not_read("/nowhere/a.slice/b", STATUS_FAILED, "(use --all)");
	assert_not_read("nowhere", STATUS_FAILED,
			"cannot open cgroup 'nowhere': No such file or directory (give the full "
			"path, such as /sys/fs/cgroup/app)\n");
	assert_not_read("nowhere.slice", STATUS_FAILED,
			"(give the full path: /sys/fs/cgroup followed by what 'systemctl show -P "
			"ControlGroup nowhere.slice' prints)\n");
	capture_start();
	assert_int_equal(cgroup_resolve("nowhere.slice", &dispensable, &id, NULL, 0),
			 STATUS_FAILED);
	assert_contains(capture_end(), "No such file or directory (leave it out)\n");
	snprintf(file, sizeof(file), "%s/file", (char *)*state);
	close(creat(file, 0600));
	assert_not_read(file, STATUS_FAILED,
			"/file': Not a directory (give the directory of the cgroup)\n");
	kernel.fake = true;
	kernel.statfs_error = EIO;
	assert_not_read(*state, STATUS_FAILED, "cannot read the file system type of '/tmp/");
	kernel.open_error = EACCES;
	assert_not_read(*state, STATUS_NOT_PERMITTED, "': Permission denied\n");
}

static void test_not_a_cgroup(void **state)
{
	fake_file(MOUNTINFO, HYBRID);
	assert_not_read(*state, STATUS_FAILED,
			"': it is not a cgroup (give a path in '/sys/fs/cgroup/unified', where "
			"cgroup v2 is mounted)\n");
	kernel.fake = true;
	kernel.type = CGROUP_SUPER_MAGIC;
	assert_not_read(*state, STATUS_FAILED, "': it is a cgroup v1 directory (give a path in ");
	fake_file(MOUNTINFO, CGROUP_V1);
	assert_not_read(*state, STATUS_FAILED,
			"': cgroup v2 is not mounted (mount it: mount -t cgroup2 none "
			"/sys/fs/cgroup)\n");
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_unified),
		test_of(test_hybrid),
		test_of(test_first_of_two),
		test_of(test_part),
		test_of(test_escaped),
		test_of(test_not_mounted),
		test_of(test_kernel_path),
		test_of(test_kernel_path_size),
		test_of(test_no_kernel_path),
		test_of(test_missing),
		test_of(test_id),
		test_of(test_root),
		test_of(test_no_id),
		test_of(test_cannot_open),
		test_of(test_not_a_cgroup),
	};

	return cmocka_run_group_tests_name("cgroup", tests, NULL, NULL);
}
