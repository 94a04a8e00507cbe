// SPDX-License-Identifier: GPL-2.0-or-later
/* To which cgroups the programs are attached, for each kind of scope. Directories of /tmp play the cgroups. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "common/cgroup.h"
#include "common/fixture.h"
#include "force/cgroup_programs.h"

static char root[] = "/tmp/cgroup_programs.XXXXXX";

/* What was attached where, a line each; the kernel refuses what is attached to refused. */
static struct {
	char lines[PATH_MAX];
	const char *refused;
} kernel;

int __wrap_bpf_link_create(int program, int target, enum bpf_attach_type type,
			   const struct bpf_link_create_opts *options);
int __wrap_cgroup_find_mount(struct cgroup_mount *mount);

int __wrap_bpf_link_create(int program, int target, enum bpf_attach_type type,
			   const struct bpf_link_create_opts *options)
{
	char link[64], path[PATH_MAX] = "";
	size_t used = strlen(kernel.lines);

	(void)options;
	assert_int_equal(type, BPF_CGROUP_SETSOCKOPT);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", target);
	assert_true(readlink(link, path, sizeof(path) - 1) > 0);
	if (kernel.refused && strstr(path, kernel.refused)) {
		errno = EPERM;
		return -1;
	}
	snprintf(kernel.lines + used, sizeof(kernel.lines) - used, "%d %s\n", program,
		 path + strlen(root));
	return dup(target);
}

int __wrap_cgroup_find_mount(struct cgroup_mount *mount)
{
	snprintf(mount->path, sizeof(mount->path), "%s", root);
	snprintf(mount->root, sizeof(mount->root), "/");
	return 0;
}

static void make_cgroup(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", root, name);
	assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
}

static void add_cgroup(struct scope *scope, struct scope_cgroup *cgroup, char *path)
{
	cgroup->path = path;
	cgroup->id = 1;
	if (!cgroup->membership)
		cgroup->membership = FORCE_INCLUDED;
	scope->cgroups = cgroup;
	scope->n_cgroups++;
}

/* Only the first program is there, as number 7. */
static void assert_attached(const struct scope *scope, const char *lines)
{
	struct cgroup_programs programs = { 0 };
	struct attachment attachment;

	memset(&attachment, 0xff, sizeof(attachment));
	attachment.cgroup_programs[FORCE_CGROUP_SET_OPTION] = 7;
	kernel.lines[0] = '\0';
	cgroup_programs_attach(&programs, &attachment, scope);
	assert_string_equal(kernel.lines, lines);
	cgroup_programs_detach(&programs);
	assert_int_equal(programs.count, 0);
}

static void test_parent(void **state)
{
	char app[PATH_MAX], sub[PATH_MAX], other[PATH_MAX];
	struct scope_cgroup cgroups[3] = { 0 };
	struct scope scope = { 0 };

	(void)state;
	make_cgroup("app", app, sizeof(app));
	make_cgroup("app/sub", sub, sizeof(sub));
	make_cgroup("app/other", other, sizeof(other));
	add_cgroup(&scope, &cgroups[0], sub);
	assert_attached(&scope, "7 /app\n");
	/* Their parent is one. */
	cgroups[1] = (struct scope_cgroup){ .path = other, .id = 2, .membership = FORCE_INCLUDED };
	scope.n_cgroups = 2;
	assert_attached(&scope, "7 /app\n");
	/* Its parent includes that of the others. */
	cgroups[2] = (struct scope_cgroup){ .path = app, .id = 3, .membership = FORCE_INCLUDED };
	scope.n_cgroups = 3;
	assert_attached(&scope, "7 \n");
	/* What is excluded needs none. */
	cgroups[2].membership = FORCE_EXCLUDED;
	assert_attached(&scope, "7 /app\n");
}

static void test_transient(void **state)
{
	struct scope_cgroup cgroup = { 0 };
	struct scope scope = { .transient = true };
	char path[PATH_MAX];

	(void)state;
	make_cgroup("run", path, sizeof(path));
	add_cgroup(&scope, &cgroup, path);
	assert_attached(&scope, "7 /run\n");
}

/* A unit that was never started. */
static void test_missing(void **state)
{
	struct scope_cgroup cgroup = { .path = "/nowhere",
				       .membership = FORCE_INCLUDED,
				       .kernel_path.path = "/app/sub/later" };
	const struct scope scope = { .cgroups = &cgroup, .n_cgroups = 1 };
	char path[PATH_MAX];

	(void)state;
	make_cgroup("app", path, sizeof(path));
	assert_attached(&scope, "7 /app\n");
}

/* At the top, wherever the cgroup is, and whether it exists or not. */
static void test_persistent(void **state)
{
	struct scope_cgroup cgroup = { .membership = FORCE_INCLUDED,
				       .kernel_path.path = "/app/sub/later" };
	const struct scope scope = { .persistent = true, .cgroups = &cgroup, .n_cgroups = 1 };
	char path[PATH_MAX];

	(void)state;
	make_cgroup("app", path, sizeof(path));
	assert_attached(&scope, "7 /app\n");
	strcpy(cgroup.kernel_path.path, "/app");
	assert_attached(&scope, "7 \n");
	strcpy(cgroup.kernel_path.path, "/nowhere/sub");
	assert_attached(&scope, "7 \n");
}

static void test_root(void **state)
{
	struct scope_cgroup cgroup = { 0 };
	struct scope_uid uid = { .uid = 1, .membership = FORCE_INCLUDED };
	struct scope all = { .all = true }, by_uid = { .uids = &uid, .n_uids = 1 };
	char path[PATH_MAX];

	(void)state;
	assert_attached(&all, "7 \n");
	make_cgroup("app", path, sizeof(path));
	add_cgroup(&by_uid, &cgroup, path);
	assert_attached(&by_uid, "7 \n");
}

static void test_refused(void **state)
{
	struct scope_cgroup cgroup = { 0 };
	struct scope scope = { .transient = true };
	char path[PATH_MAX], wanted[2 * PATH_MAX];

	(void)state;
	make_cgroup("refused", path, sizeof(path));
	add_cgroup(&scope, &cgroup, path);
	kernel.refused = "/refused";
	capture_start();
	assert_attached(&scope, "");
	snprintf(
		wanted, sizeof(wanted),
		"warning: cannot attach to cgroup '%s': Operation not permitted (socket "
		"options that MPTCP refuses are not bridged there, and bound sockets can send over "
		"other devices)\n",
		path);
	assert_non_null(strstr(capture_end(), wanted));
	kernel.refused = NULL;
}

static int make_root(void **state)
{
	(void)state;
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	static const char *const names[] = { "app/sub", "app/other", "app", "run", "refused", "" };
	char path[PATH_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, names[i]);
		rmdir(path);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parent),	   cmocka_unit_test(test_transient),
		cmocka_unit_test(test_persistent), cmocka_unit_test(test_root),
		cmocka_unit_test(test_refused),	   cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests_name("cgroup_programs", tests, make_root, remove_root);
}
