// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook. The kernel calls update_socket_protocol() in each socket(2) to learn which protocol to
 * use. A program of type fmod_ret may answer in its place (Linux 6.6, commit 0dd061a6a115 "bpf: Add
 * update_socket_protocol hook"). 0 means no answer, and the kernel's own function runs, so that
 * several such programs coexist.
 */

#include "common/cast.h"
#include "common/cgroup2.bpf.h"
#include "common/kernel_variable.bpf.h"
#include "asked.bpf.h"
#include "counters.bpf.h"
#include "force.h"
#include "landlock.bpf.h"
#include "opted_out.bpf.h"
#include "recent.bpf.h"
#include "scope.bpf.h"
#include "sock_create.bpf.h"

/* Whether IPv6 sockets can be MPTCP. */
const volatile bool ipv6_supported;

static __always_inline bool is_supported(int family)
{
	return family == AF_INET || (family == AF_INET6 && ipv6_supported);
}

/* Compared for equality: a bit test would match SOCK_RAW and SOCK_SEQPACKET. */
static __always_inline bool is_stream(int family, int type)
{
	return is_supported(family) && (type & SOCK_TYPE_MASK) == SOCK_STREAM;
}

static __always_inline bool is_tcp(int protocol)
{
	return protocol == 0 || protocol == IPPROTO_TCP;
}

/* The index of MPTCP's data in each network namespace (net/mptcp/ctrl.c). */
static unsigned int pernet_index;

/* Runs once, before the hook is attached. Returns what read_kernel_variable() returns. */
SEC("syscall")
int find_mptcp_data(void *unused)
{
	return read_kernel_variable("mptcp_pernet_id", &pernet_index);
}

/*
 * net.mptcp.enabled in the task's network namespace. If it is 0, socket(IPPROTO_MPTCP) fails with
 * ENOPROTOOPT (mptcp_init_sock()). The kernel checks it again after the hook: if root sets it to 0
 * in between, within a few hundred instructions, that socket() call fails.
 */
static __always_inline bool mptcp_enabled(const struct task_struct *task)
{
	const struct net_generic *generic = task->nsproxy->net_ns->gen;
	const struct hlist_head *slot;

	/*
	 * generic->ptr[] holds void pointers; this type is a single pointer that the verifier can
	 * follow.
	 */
	slot = CAST(struct hlist_head, &generic->ptr[pernet_index]);
	return CAST(struct mptcp_pernet, slot->first)->mptcp_enabled;
}

/* in_compat_syscall() of system calls: of x86 and arm64, from asm/thread_info.h. */
#define TS_COMPAT 0x0002
#define TIF_32BIT 22

static __always_inline bool calls_as_32bit(const struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
	return task->thread_info.status & TS_COMPAT;
#elif defined(__TARGET_ARCH_arm64)
	return task->thread_info.flags >> TIF_32BIT & 1;
#else
	return false;
#endif
}

/*
 * For a TCP socket. Not inlined, so that the paths that return earlier save no registers and clear
 * no stack.
 */
static __noinline int choose_protocol(struct task_struct *task, __u64 id, __u64 word,
				      bool counts_refusals)
{
	__u32 verdict = verdict_of_caller(id, word);
	enum force_counter refusal;

	if (!is_of_kind(verdict, TO_MPTCP)) {
		if (!is_of_kind(verdict, NOT_TO_MPTCP))
			return 0;
		refusal = FORCE_LEFT_EXCLUDED;
	} else if (landlock_restricts_tcp(task)) {
		refusal = FORCE_LEFT_LANDLOCK;
	} else if (has_sock_create_programs(task)) {
		refusal = FORCE_LEFT_SOCK_CREATE;
	} else if (has_opted_out(task, verdict)) {
		refusal = FORCE_LEFT_OPTED_OUT;
	} else if (!mptcp_enabled(task)) {
		refusal = FORCE_MPTCP_DISABLED;
	} else {
		/* A note of an earlier call that failed is not for this socket. */
		take_note();
		count(verdict, FORCE_UPGRADED);
		if (calls_as_32bit(task))
			count(verdict, FORCE_UPGRADED_32BIT);
		return IPPROTO_MPTCP;
	}
	if (counts_refusals)
		count(verdict, refusal);
	return 0;
}

/* For a socket that asks for MPTCP itself, as few do. */
static __noinline int keep_protocol(bool counts_refusals)
{
	__u64 id = cgroup_id_of(bpf_get_current_task_btf()), word = read_recent(id);
	bool noting = is_noting();
	__u32 verdict;

	if (known_outside(id, word) && !noting)
		return 0;
	verdict = verdict_of_caller(id, word);
	if (is_of_kind(verdict, TO_TCP)) {
		count(verdict, FORCE_KEPT_ON_TCP);
		return IPPROTO_TCP;
	}
	if (noting || is_of_kind(verdict, TO_MPTCP))
		leave_note();
	if (counts_refusals && is_of_kind(verdict, NOT_TO_TCP))
		count(verdict, FORCE_LEFT_EXCLUDED);
	return 0;
}

static __always_inline int chosen_protocol(int family, int type, int protocol, bool counts_refusals)
{
	struct task_struct *task;
	__u64 id, word;

	if (!is_stream(family, type))
		return 0;
	if (!is_tcp(protocol))
		return protocol == IPPROTO_MPTCP ? keep_protocol(counts_refusals) : 0;
	task = bpf_get_current_task_btf();
	id = cgroup_id_of(task);
	word = read_recent(id);
	if (known_outside(id, word))
		return 0;
	return choose_protocol(task, id, word, counts_refusals);
}

SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade, int family, int type, int protocol)
{
	return chosen_protocol(family, type, protocol, true);
}

/*
 * A socket whose call is skipped (see preemption.bpf.c) would be TCP: one in seven with 16 busy
 * threads per processor on Linux 7.3. Therefore there are spare programs: the kernel calls one
 * after the other until one of them answers. Refusals are counted by the first.
 * bpf_preempt_disable() does not help: bpf_preempt_enable() preempts the task then, still inside
 * the program.
 */
SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade_second, int family, int type, int protocol)
{
	return chosen_protocol(family, type, protocol, false);
}

SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade_third, int family, int type, int protocol)
{
	return chosen_protocol(family, type, protocol, false);
}

SEC("fmod_ret/update_socket_protocol")
int BPF_PROG(upgrade_fourth, int family, int type, int protocol)
{
	return chosen_protocol(family, type, protocol, false);
}

/* IORING_OP_SOCKET creates sockets here, without calling the hook: they can only be counted. */
SEC("?fexit/__sys_socket_file")
int BPF_PROG(io_uring_socket, int family, int type, int protocol, struct file *file)
{
	__u64 id = cgroup_id_of(bpf_get_current_task_btf());
	__u32 verdict;

	if ((unsigned long)file >= (unsigned long)-MAX_ERRNO || !is_stream(family, type))
		return 0;
	verdict = verdict_by_rules(id, read_recent(id));
	if ((is_tcp(protocol) && is_of_kind(verdict, TO_MPTCP)) ||
	    (protocol == IPPROTO_MPTCP && is_of_kind(verdict, TO_TCP)))
		count(verdict, FORCE_IO_URING);
	return 0;
}
