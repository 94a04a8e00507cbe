/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The paths of executables and cgroups. They are built when a program is first seen: user space has
 * no privileges by then, and a cgroup may be gone before the report. No helper gives a path to
 * programs of type fentry and fexit (bpf_d_path_allowed()).
 */
#ifndef AUDIT_PATH_BPF_H
#define AUDIT_PATH_BPF_H

#include "common/cgroup2.bpf.h"
#include "common/kernel.h"
#include "audit.h"

/* More names than a path of that length can have, and the mounts between them. */
#define NAMES_OF_PATH (2 * AUDIT_PATH_LEN)

/* Puts a slash and a name before the path. False if they do not fit. */
static __always_inline bool prepend(struct audit_path *path, const void *name, __u32 length)
{
	__u32 begin = path->begin;

	if (length >= AUDIT_PATH_LEN || begin < length + 1) {
		path->truncated = 1;
		return false;
	}
	begin -= length;
	path->begin = begin - 1;
	/* Compilers move range checks to where the verifier does not see them. A mask stays. */
	barrier_var(length);
	barrier_var(begin);
	bpf_probe_read_kernel(&path->bytes[begin & (AUDIT_PATH_LEN - 1)],
			      length & (AUDIT_PATH_LEN - 1), name);
	path->bytes[(begin - 1) & (AUDIT_PATH_LEN - 1)] = '/';
	return true;
}

struct file_walk {
	struct audit_path *path;
	const struct dentry *dentry;
	const struct mount *mount;
};

static long visit_dentry(__u64 index, struct file_walk *walk)
{
	const struct dentry *dentry = walk->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	const struct mount *mount = walk->mount, *above;

	if (dentry != parent && dentry != BPF_CORE_READ(mount, mnt.mnt_root)) {
		walk->dentry = parent;
		return !prepend(walk->path, BPF_CORE_READ(dentry, d_name.name),
				BPF_CORE_READ(dentry, d_name.len));
	}
	above = BPF_CORE_READ(mount, mnt_parent);
	walk->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	walk->mount = above;
	return above == mount;
}

/* The path of a file up to the root of its mount namespace. */
static __always_inline void fill_file_path(struct audit_path *path, const struct file *file)
{
	struct file_walk walk = { .path = path };
	const char *mount;

	path->begin = AUDIT_PATH_LEN;
	if (!file)
		return;
	walk.dentry = BPF_CORE_READ(file, f_path.dentry);
	mount = (const char *)BPF_CORE_READ(file, f_path.mnt);
	walk.mount = (const struct mount *)(mount - bpf_core_field_offset(struct mount, mnt));
	bpf_loop(NAMES_OF_PATH, visit_dentry, &walk, 0);
}

struct cgroup_walk {
	struct audit_path *path;
	const struct cgroup *cgroup;
};

static long visit_cgroup(__u64 index, struct cgroup_walk *walk)
{
	const struct cgroup *cgroup = walk->cgroup, *parent = parent_of(cgroup);
	/* The second half of the bytes is unused. */
	char *name = &walk->path->bytes[AUDIT_PATH_LEN];
	long size;

	if (!parent)
		return 1;
	size = bpf_probe_read_kernel_str(name, AUDIT_PATH_LEN, BPF_CORE_READ(cgroup, kn, name));
	if (size <= 0)
		return 1;
	walk->cgroup = parent;
	return !prepend(walk->path, name, size - 1);
}

/* The path of a cgroup below the root of the hierarchy; empty for the root. */
static __always_inline void fill_cgroup_path(struct audit_path *path, const struct cgroup *cgroup)
{
	struct cgroup_walk walk = { .path = path, .cgroup = cgroup };

	path->begin = AUDIT_PATH_LEN;
	bpf_loop(NAMES_OF_PATH, visit_cgroup, &walk, 0);
}

#endif /* AUDIT_PATH_BPF_H */
