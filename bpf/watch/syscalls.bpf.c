// SPDX-License-Identifier: GPL-2.0-only
/* System calls: a socket that became MPTCP, an option that MPTCP refuses. */

#include "record.bpf.h"

/* For an event of the current process, on a socket that is not, or not yet, a connection. */
static __always_inline struct watch_record *reserve_for_current(enum watch_event event, __u32 netns)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct connection caller = {};

	if (!event_selected(event))
		return NULL;
	set_owner(&caller, task);
	if (owner_filtered_out(&caller, netns))
		return NULL;
	return reserve_record(event, &caller, netns);
}

/* An enforcer such as mptcp-force has answered: fexit sees the result of fmod_ret. */
SEC("?fexit/update_socket_protocol")
int BPF_PROG(upgraded, int family, int type, int protocol, int result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct watch_record *record;

	if (result != IPPROTO_MPTCP || protocol == IPPROTO_MPTCP || filter_port)
		return 0;
	record = reserve_for_current(WATCH_UPGRADED, BPF_CORE_READ(task, nsproxy, net_ns, ns.inum));
	if (!record)
		return 0;
	record->subflow.family = family;
	submit_record(record);
	return 0;
}

/* An option that TCP supports and MPTCP refuses, which may matter to the program. */
SEC("?fexit/mptcp_setsockopt")
int BPF_PROG(setsockopt, struct sock *sk, int level, int optname)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	struct watch_record *record;
	__u64 result = 0;
	int err;

	if (bpf_get_func_ret(ctx, &result))
		return 0;
	err = -(int)result;
	if (err != EOPNOTSUPP && err != ENOPROTOOPT)
		return 0;
	if (filter_port)
		return 0;
	record = reserve_for_current(WATCH_SOCKOPT_DENIED, netns_of(sk));
	if (!record)
		return 0;
	record->token = BPF_CORE_READ(msk, token);
	record->sockopt.level = level;
	record->sockopt.optname = optname;
	record->sockopt.error = err;
	submit_record(record);
	return 0;
}
