// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make the TCP sockets of chosen tasks Multipath TCP sockets.
 *
 * The kernel asks update_socket_protocol() at each socket(2) which protocol to use; a program of
 * type fmod_ret may answer instead (Linux 6.6, commit 0dd061a6a115 "bpf: Add update_socket_protocol
 * hook"). Answering 0 lets the kernel's own function run, so that several such programs get along.
 */

#include "common/cast.h"
#include "force.h"
#include "enforcers.bpf.h"
#include "common/preemption.bpf.h"
#include "recreated.bpf.h"
#include "rules.bpf.h"
#include "scope.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* By what ids other enforcers find this attachment: user space writes it once all is attached. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct force_directory);
} directory SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FORCE_ENFORCERS *FORCE_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

static __always_inline void count(__u32 verdict, enum force_counter counter)
{
	__u32 key = FORCE_COUNTER(place_of(verdict), counter);
	__u64 *value = bpf_map_lookup_elem(&counters, &key);

	/* Atomic, since a task can be preempted here, and another count on the same processor. */
	if (value)
		__sync_fetch_and_add(value, 1);
}

/* Exists where IPv6 sockets can be MPTCP (CONFIG_MPTCP_IPV6, net/mptcp/subflow.c). */
extern const void mptcpv6_handle_mapped __ksym __weak;

static __always_inline bool is_supported(int family)
{
	return family == AF_INET || (family == AF_INET6 && &mptcpv6_handle_mapped);
}

/* Compared for equality: a bit test would hit SOCK_RAW and SOCK_SEQPACKET. */
static __always_inline bool is_tcp(int family, int type, int protocol)
{
	return is_supported(family) && (type & SOCK_TYPE_MASK) == SOCK_STREAM &&
	       (protocol == 0 || protocol == IPPROTO_TCP);
}

/* The kernel's index of MPTCP's data in each network namespace (net/mptcp/ctrl.c); never 0. */
extern const void mptcp_pernet_id __ksym;
static unsigned int pernet_index;

/*
 * net.mptcp.enabled in the task's network namespace, where 0 makes socket(IPPROTO_MPTCP) fail with
 * ENOPROTOOPT (mptcp_init_sock()). Not known is not enabled. The kernel looks once more, after the hook:
 * when root sets it to 0 in between, a few hundred instructions, that socket() call fails.
 */
static __always_inline bool mptcp_enabled(const struct task_struct *task)
{
	const struct net_generic *generic = task->nsproxy->net_ns->gen;
	const struct hlist_head *slot;

	if (!pernet_index)
		bpf_probe_read_kernel(&pernet_index, sizeof(pernet_index), &mptcp_pernet_id);
	/*
	 * generic->ptr[] holds void pointers; this type is a single pointer that can be followed.
	 */
	slot = CAST(struct hlist_head, &generic->ptr[pernet_index]);
	return CAST(struct mptcp_pernet, slot->first)->mptcp_enabled;
}

/* Not inlined: what returns before it saves no registers and clears no stack. */
static __noinline int choose_protocol(struct task_struct *task, __u64 id, __u64 word,
				      bool counts_refusals)
{
	__u32 verdict = verdict_of(task, id, word);
	bool excluded = is_excluded(verdict);

	if (verdict == NOBODY)
		return 0;
	if (!excluded && mptcp_enabled(task)) {
		count(verdict, FORCE_UPGRADED);
		return IPPROTO_MPTCP;
	}
	if (counts_refusals)
		count(verdict, excluded ? FORCE_LEFT_EXCLUDED : FORCE_MPTCP_DISABLED);
	return 0;
}

static __always_inline int upgraded_protocol(int family, int type, int protocol,
					     bool counts_refusals)
{
	struct task_struct *task;
	__u64 id, word;

	if (!is_tcp(family, type, protocol))
		return 0;
	task = bpf_get_current_task_btf();
	id = cgroup_of(task);
	word = read_recent(id);
	if (certainly_outside(id, word))
		return 0;
	return choose_protocol(task, id, word, counts_refusals);
}

SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade, int family, int type, int protocol)
{
	return upgraded_protocol(family, type, protocol, true);
}

/*
 * What the kernel skips (see preemption.bpf.h) would get TCP: one socket in seven with 16 busy threads
 * a processor on Linux 7.3. So there are more programs of the same kind, each for when those before
 * it were skipped: the kernel calls one after the other until one of them returns something. What is
 * refused was counted by the first. bpf_preempt_disable() does not help: the task is preempted all the
 * same, by bpf_preempt_enable(), which is still inside the program.
 */
SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade_second, int family, int type, int protocol)
{
	return upgraded_protocol(family, type, protocol, false);
}

SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade_third, int family, int type, int protocol)
{
	return upgraded_protocol(family, type, protocol, false);
}

SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade_fourth, int family, int type, int protocol)
{
	return upgraded_protocol(family, type, protocol, false);
}

/* IORING_OP_SOCKET makes its sockets here and skips the hook: nothing to do but count. */
SEC("?fexit/__sys_socket_file")
int BPF_PROG(io_uring_socket, int family, int type, int protocol, struct file *file)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 id = cgroup_of(task);
	__u32 verdict;

	if ((unsigned long)file >= (unsigned long)-MAX_ERRNO || !is_tcp(family, type, protocol))
		return 0;
	verdict = verdict_of(task, id, read_recent(id));
	if (verdict != NOBODY && !is_excluded(verdict))
		count(verdict, FORCE_IO_URING);
	return 0;
}

/* Where the enforcer is that reads count_running(), most likely. */
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

/* The enforcer that reads the iterator, or 0. */
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

static __noinline int add_path(const struct force_request *request, __u64 owner)
{
	struct force_path path;

	bpf_probe_read_kernel(&path, sizeof(path), &request->path);
	return add_rule(&cgroup_paths, &path, owner);
}

static __noinline int add_comm(const struct force_request *request, __u64 owner)
{
	struct force_comm comm;

	bpf_probe_read_kernel(&comm, sizeof(comm), &request->comm);
	names_comms = true;
	rules_name_tasks();
	return add_rule(&comms, &comm, owner);
}

static __always_inline int activate(__u64 identity)
{
	int err = change_state(identity, ENFORCER_JOINED, ENFORCER_ACTIVE);

	forget_verdicts();
	return err;
}

static __always_inline int leave(__u64 identity)
{
	int err = change_state(identity, ENFORCER_ACTIVE, ENFORCER_LEFT);

	if (err)
		return change_state(identity, ENFORCER_JOINED, ENFORCER_LEFT);
	forget_verdicts();
	return 0;
}

/* What an enforcer does with BPF_PROG_RUN; its context is a struct force_request. */
SEC("syscall")
int change_enforcer(struct force_request *request)
{
	__u64 owner = request->identity << FORCE_MEMBERSHIP_BITS | request->membership;
	__u64 cgroup = request->cgroup;
	__u32 uid = request->uid;

	switch (request->operation) {
	case FORCE_ADD_ALL:
		return add_owner(&everyone, owner);
	case FORCE_ADD_CGROUP:
		return add_rule(&cgroups, &cgroup, owner);
	case FORCE_ADD_PATH:
		return add_path(request, owner);
	case FORCE_ADD_COMM:
		return add_comm(request, owner);
	case FORCE_ADD_UID:
		names_uids = true;
		rules_name_tasks();
		return add_rule(&uids, &uid, owner);
	case FORCE_ACTIVATE:
		return activate(request->identity);
	case FORCE_LEAVE:
		return leave(request->identity);
	case FORCE_COLLECT:
		collect_rules();
		return 0;
	default:
		return -EINVAL;
	}
}
