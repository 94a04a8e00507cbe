// SPDX-License-Identifier: GPL-2.0-only
/* Counts the running tasks in an enforcer's scope. */

#include "enforcers.bpf.h"
#include "force.h"
#include "scope.bpf.h"

/* Most likely the place of the enforcer that reads count_running(). */
static __u32 reader_hint;

static long is_reader(__u64 index, __u64 *identity)
{
	const struct enforcer *enforcer = enforcer_at(index);

	if (!enforcer || enforcer->task != bpf_get_current_task_btf() ||
	    (enforcer->word & ENFORCER_STATES) == ENFORCER_LEFT)
		return 0;
	*identity = enforcer->word >> ENFORCER_STATE_BITS;
	return 1;
}

/* The identity of the enforcer that reads the iterator, or 0. */
static __always_inline __u64 identity_of_reader(void)
{
	__u64 identity = 0;

	if (is_reader(reader_hint, &identity))
		return identity;
	bpf_loop(FORCE_ENFORCERS, is_reader, &identity, 0);
	if (identity)
		reader_hint = FORCE_PLACE(identity);
	return identity;
}

SEC("iter/task")
int count_running(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u64 reader;
	char what;

	if (!task || task->flags & PF_KTHREAD)
		return 0;
	/* The reader of the iterator is mptcp-force itself. */
	if (task->tgid == (pid_t)(bpf_get_current_pid_tgid() >> 32))
		return 0;
	reader = identity_of_reader();
	if (!reader || !is_enforced_by(task, reader))
		return 0;
	what = task->pid == task->tgid ? FORCE_RUNNING_PROCESS : FORCE_RUNNING_THREAD;
	bpf_seq_write(ctx->meta->seq, &what, sizeof(what));
	return 0;
}
