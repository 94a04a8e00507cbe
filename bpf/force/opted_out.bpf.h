/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that asked for a socket option that is refused, and whose enforcer has
 * FORCE_OPTION_OPT_OUT: from then on their sockets stay TCP. A program is the inode of its
 * executable: its name may be chosen by anyone.
 */
#ifndef OPTED_OUT_BPF_H
#define OPTED_OUT_BPF_H

#include "common/cast.h"
#include "common/kernel.h"
#include "enforcers.bpf.h"
#include "force.h"
#include "recent.bpf.h"

/* When it is full, more programs keep MPTCP. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4096);
	__type(key, struct force_program_key);
	__type(value, struct force_opted_out);
} opted_out SEC(".maps");

/* Any program has ever opted out. Until then, the hook does not look for one. */
static bool some_opted_out;

/* False for a kernel thread, and for a verdict whose enforcer has left. */
static __noinline bool program_of(const struct task_struct *task, __u32 verdict,
				  struct force_program_key *key)
{
	const struct enforcer *enforcer = enforcer_at(place_of(verdict));
	const struct mm_struct *mm = UNTRUSTED(struct task_struct, task)->mm;
	const struct file *file;

	if (!enforcer || !mm)
		return false;
	file = mm->exe_file;
	if (!file)
		return false;
	key->identity = enforcer->word >> ENFORCER_STATE_BITS;
	key->inode = file->f_inode->i_ino;
	key->device = file->f_inode->i_sb->s_dev;
	return true;
}

static __always_inline bool has_opted_out(const struct task_struct *task, __u32 verdict)
{
	struct force_program_key key = {};

	return *(volatile bool *)&some_opted_out && program_of(task, verdict, &key) &&
	       bpf_map_lookup_elem(&opted_out, &key);
}

static __always_inline void opt_out(const struct task_struct *task, __u32 verdict, __u32 row)
{
	struct force_opted_out value = { .row = row };
	struct force_program_key key = {};

	if (!program_of(task, verdict, &key))
		return;
	__builtin_memcpy(&value.comm, UNTRUSTED(struct task_struct, task)->group_leader->comm,
			 sizeof(value.comm));
	bpf_map_update_elem(&opted_out, &key, &value, BPF_NOEXIST);
	some_opted_out = true;
}

#endif /* OPTED_OUT_BPF_H */
