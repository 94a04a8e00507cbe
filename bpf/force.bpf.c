// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make the TCP sockets of chosen tasks Multipath TCP sockets.
 *
 * The kernel asks update_socket_protocol() at each socket(2) which protocol to use; a program of
 * type fmod_ret may answer instead (Linux 6.6, commit 0dd061a6a115 "bpf: Add update_socket_protocol
 * hook"). Answering 0 lets the kernel's own function run, so that several such programs get along.
 */
#include <vmlinux.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "force.h"
#include "scope.bpf.h"
#include "preemption.bpf.h"
#include "recreated.bpf.h"

char LICENSE[] SEC("license") = "GPL";

/* From the uapi headers, which cannot be included together with vmlinux.h. */
#define AF_INET	       2
#define AF_INET6       10
#define SOCK_STREAM    1
#define SOCK_TYPE_MASK 0xf /* the rest of type is SOCK_NONBLOCK and SOCK_CLOEXEC */
#define IPPROTO_TCP    6
#define IPPROTO_MPTCP  262
#define MAX_ERRNO      4095
#define PF_KTHREAD     0x00200000

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FORCE_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

static __always_inline void count(enum force_counter counter)
{
	__u32 key = counter;
	__u64 *value = bpf_map_lookup_elem(&counters, &key);

	if (value)
		(*value)++;
}

/* Compared for equality: a bit test would hit SOCK_RAW and SOCK_SEQPACKET. */
static __always_inline bool is_tcp(int family, int type, int protocol)
{
	return (family == AF_INET || family == AF_INET6) &&
	       (type & SOCK_TYPE_MASK) == SOCK_STREAM && (protocol == 0 || protocol == IPPROTO_TCP);
}

/* The kernel's index of MPTCP's data in each network namespace (net/mptcp/ctrl.c); never 0. */
extern const void mptcp_pernet_id __ksym;
static unsigned int pernet_index;

/*
 * A typed view of kernel memory, read without a helper's call (Linux 6.2, commit a35b9af4ec2c "bpf:
 * Add a kfunc for generic type cast"). Reading through it what is not mapped yields 0.
 */
extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym;
#define view(object, type) ((const type *)bpf_rdonly_cast(object, bpf_core_type_id_kernel(type)))

/*
 * net.mptcp.enabled in the task's network namespace, where 0 makes socket(IPPROTO_MPTCP) fail with
 * ENOPROTOOPT (mptcp_init_sock()). Not known is not enabled: a program must never lose its socket.
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
	slot = view(&generic->ptr[pernet_index], struct hlist_head);
	return view(slot->first, struct mptcp_pernet)->mptcp_enabled;
}

/* Not inlined: what returns before it saves no registers and clears no stack. */
static __noinline int choose_protocol(bool counts_refusals)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u32 membership = scope_of(task);
	bool excluded = membership & FORCE_EXCLUDED;

	if (!membership)
		return 0;
	if (!excluded && mptcp_enabled(task)) {
		count(FORCE_UPGRADED);
		return IPPROTO_MPTCP;
	}
	if (counts_refusals)
		count(excluded ? FORCE_LEFT_EXCLUDED : FORCE_MPTCP_DISABLED);
	return 0;
}

static __always_inline int upgraded_protocol(int family, int type, int protocol,
					     bool counts_refusals)
{
	if (!is_tcp(family, type, protocol) || certainly_outside(bpf_get_current_task_btf()))
		return 0;
	return choose_protocol(counts_refusals);
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
 * refused was counted by the first.
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

/* IORING_OP_SOCKET makes its sockets here and skips the hook: nothing to do but tell. */
SEC("?fexit/__sys_socket_file")
int BPF_PROG(bypass, int family, int type, int protocol, struct file *file)
{
	if ((unsigned long)file >= (unsigned long)-MAX_ERRNO || !is_tcp(family, type, protocol))
		return 0;
	if (scope_of(bpf_get_current_task_btf()) == FORCE_INCLUDED)
		count(FORCE_IO_URING);
	return 0;
}

/* Tasks, and processes, in scope when the iterator was last read. */
__u64 running_tasks;
__u64 running_processes;

SEC("iter/task")
int count_running(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (!task || task->flags & PF_KTHREAD || scope_of(task) != FORCE_INCLUDED)
		return 0;
	/* The reader of the iterator is mptcp-force itself. */
	if (task->tgid == (pid_t)(bpf_get_current_pid_tgid() >> 32))
		return 0;
	running_tasks++;
	if (task->pid == task->tgid)
		running_processes++;
	return 0;
}
