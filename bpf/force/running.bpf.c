// SPDX-License-Identifier: GPL-2.0-only
/* Counts the running tasks in an enforcer's scope. */

#include "enforcers.bpf.h"
#include "force.h"
#include "reader.bpf.h"
#include "scope.bpf.h"

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
