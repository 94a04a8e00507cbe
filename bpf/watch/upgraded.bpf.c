// SPDX-License-Identifier: GPL-2.0-only
/* A socket that an enforcer made an MPTCP socket. */

#include "caller.bpf.h"

/* An enforcer such as mptcp-force has answered: fexit sees the result of fmod_ret. */
SEC("?fexit/update_socket_protocol")
int BPF_PROG(upgraded, int family, int type, int protocol, int result)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct watch_record *record;

	if (result != IPPROTO_MPTCP || protocol == IPPROTO_MPTCP || filter_port)
		return 0;
	record = reserve_for_caller(WATCH_UPGRADED, BPF_CORE_READ(task, nsproxy, net_ns, ns.inum),
				    NULL);
	if (!record)
		return 0;
	record->subflow.family = family;
	submit_record(record);
	return 0;
}
