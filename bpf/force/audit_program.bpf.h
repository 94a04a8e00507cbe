/* SPDX-License-Identifier: GPL-2.0-only */
/* The programs in scope, and what is counted for each. */
#ifndef AUDIT_PROGRAM_BPF_H
#define AUDIT_PROGRAM_BPF_H

#include "audit_path.bpf.h"
#include "common/kernel.h"
#include "audit.h"
#include "scope.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, AUDIT_PROGRAMS);
	__type(key, struct audit_key);
	__type(value, struct audit_program);
} programs SEC(".maps");

/* How many programs each user has in that map, so that one user cannot fill it for all. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, AUDIT_USERS);
	__type(key, __u32);
	__type(value, __u32);
} users SEC(".maps");

/* audit_program.serial of the program that a process was last counted for. It ends with the process. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u32);
} processes SEC(".maps");

/* What was not recorded, by enum audit_drop. */
__u64 dropped[AUDIT_DROPS];

static __u32 last_serial;

/* The programs of the users for whom there is no place. */
static __u32 other_users;

static const struct audit_program no_program;
static const __u32 no_programs;

/* Whether an enforcer of this object, which is the audit, includes the task. */
static __always_inline bool in_scope(struct task_struct *task)
{
	__u64 id = cgroup_id_of(task);

	return is_of_kind(verdict_of(task, id, read_recent(id)), TO_MPTCP);
}

struct namespace_walk {
	const struct user_namespace *namespace;
};

/* To the one that is directly below the host's. */
static long visit_user_namespace(__u64 index, struct namespace_walk *walk)
{
	const struct user_namespace *namespace = walk->namespace;

	if (BPF_CORE_READ(namespace, level) <= 1)
		return 1;
	walk->namespace = BPF_CORE_READ(namespace, parent);
	return 0;
}

/*
 * The user to whom a task's programs are charged. A user who has created a user namespace has many
 * uids there, and is charged for all of them.
 */
static __always_inline __u32 charged_user(const struct task_struct *task)
{
	struct namespace_walk walk = { .namespace = BPF_CORE_READ(task, cred, user_ns) };
	const struct user_namespace *namespace;
	__u32 owner = 0;

	bpf_loop(32, visit_user_namespace, &walk, 0); /* the kernel's limit, create_user_ns() */
	namespace = walk.namespace;
	if (BPF_CORE_READ(namespace, level))
		owner = BPF_CORE_READ(namespace, owner.val);
	/* Root has container managers create namespaces for others. */
	return owner ?: BPF_CORE_READ(task, cred, euid.val);
}

/* Whether that user may have another program, which is then counted. */
static __always_inline bool charge(__u32 user)
{
	__u32 *count;

	bpf_map_update_elem(&users, &user, &no_programs, BPF_NOEXIST);
	count = bpf_map_lookup_elem(&users, &user) ?: &other_users;
	if (*(volatile __u32 *)count >= AUDIT_PROGRAMS_PER_USER)
		return false;
	__sync_fetch_and_add(count, 1);
	return true;
}

static __always_inline void refund(__u32 user)
{
	__u32 *count = bpf_map_lookup_elem(&users, &user) ?: &other_users;

	__sync_fetch_and_add(count, -1);
}

static __always_inline void count_drop(enum audit_drop drop)
{
	__sync_fetch_and_add(&dropped[drop], 1);
}

static __always_inline void fill_key(struct audit_key *key, const struct task_struct *task)
{
	const struct file *exe = BPF_CORE_READ(task, mm, exe_file);

	key->cgroup = cgroup_id_of(task);
	if (exe) {
		key->inode = BPF_CORE_READ(exe, f_inode, i_ino);
		key->device = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	}
	BPF_CORE_READ_INTO(&key->comm, task, group_leader, comm);
}

/* Adds a program; NULL if there is no room, which is counted. */
static __noinline struct audit_program *add_program(struct task_struct *task,
						    const struct audit_key *key)
{
	__u32 user = charged_user(task);
	struct audit_program *program;
	long err;

	if (!charge(user)) {
		count_drop(AUDIT_DROP_USER);
		return NULL;
	}
	err = bpf_map_update_elem(&programs, key, &no_program, BPF_NOEXIST);
	program = bpf_map_lookup_elem(&programs, key);
	if (err) {
		refund(user);
		/* Another processor may have added it. */
		if (!program)
			count_drop(AUDIT_DROP_FULL);
		return program;
	}
	if (!program)
		return NULL;
	program->uid = BPF_CORE_READ(task, cred, euid.val);
	fill_file_path(&program->exe, BPF_CORE_READ(task, mm, exe_file));
	fill_cgroup_path(&program->cgroup, task->cgroups->dfl_cgrp);
	program->serial = __sync_fetch_and_add(&last_serial, 1) + 1;
	return program;
}

/* A process that changes its name or executes another program counts for both. */
static __always_inline void count_process(struct audit_program *program, struct task_struct *task)
{
	struct task_struct *process = task->group_leader;
	__u32 *serial;

	if (!process)
		return;
	serial = bpf_task_storage_get(&processes, process, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!serial || *serial == program->serial)
		return;
	*serial = program->serial;
	__sync_fetch_and_add(&program->processes, 1);
}

/* The program that a task in scope executes; NULL if there was no room for it. */
static __noinline struct audit_program *program_of(struct task_struct *task, struct audit_key *key)
{
	struct audit_program *program;

	fill_key(key, task);
	program = bpf_map_lookup_elem(&programs, key) ?: add_program(task, key);
	if (program)
		count_process(program, task);
	return program;
}

/* The program of the current task, or NULL: out of scope, or no room. */
static __always_inline struct audit_program *current_program(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct audit_key key = {};

	return in_scope(task) ? program_of(task, &key) : NULL;
}

static __always_inline void count(enum audit_count what)
{
	struct audit_program *program = current_program();

	if (program)
		__sync_fetch_and_add(&program->counts[what], 1);
}

/* Not a socket of the kernel itself, such as a subflow of an MPTCP socket. */
static __always_inline bool is_tcp_socket(const struct sock *sk)
{
	return sk && sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM &&
	       !BPF_CORE_READ_BITFIELD(sk, sk_kern_sock);
}

#endif /* AUDIT_PROGRAM_BPF_H */
