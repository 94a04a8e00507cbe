// SPDX-License-Identifier: GPL-2.0-only
/* Socket options that MPTCP refuses and TCP may support, which may matter to the program. */

#include "caller.bpf.h"
#include "common/sockopt_table.h"
#include "rate_limit.bpf.h"

static __always_inline bool is_refusal(int result)
{
	return result == -EOPNOTSUPP || result == -ENOPROTOOPT;
}

static __always_inline void emit_denied(const struct sock *sk, int level, int optname, bool read,
					int result)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	struct task_struct *task = bpf_get_current_task_btf();
	const struct limited caller = { .event = WATCH_SOCKOPT_DENIED,
					.group = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id),
					.member = BPF_CORE_READ(task, cred, euid.val) };
	struct watch_record *record;

	if (filter_port)
		return;
	record = reserve_for_caller(WATCH_SOCKOPT_DENIED, netns_of(sk), &caller);
	if (!record)
		return;
	record->token = BPF_CORE_READ(msk, token);
	record->sockopt.level = level;
	record->sockopt.optname = optname;
	record->sockopt.error = -result;
	record->sockopt.read = read;
	submit_record(record);
}

SEC("?fexit/mptcp_setsockopt")
int BPF_PROG(setsockopt, struct sock *sk, int level, int optname)
{
	__u64 result = 0;

	if (!bpf_get_func_ret(ctx, &result) && is_refusal(result))
		emit_denied(sk, level, optname, false, result);
	return 0;
}

/*
 * Programs of the socket's cgroup, such as the option bridge of mptcp-force, may answer what MPTCP
 * refused. Not for system calls of 32-bit programs (do_sock_getsockopt()).
 */
static __always_inline bool may_be_answered(const struct sock *sk)
{
	const struct cgroup *cgroup = BPF_CORE_READ(sk, sk_cgrp_data.cgroup);
	const struct bpf_prog_array *programs = NULL;
	/* The numbers differ between kernels. */
	__u32 place = bpf_core_enum_value(enum cgroup_bpf_attach_type, CGROUP_GETSOCKOPT);

	if (!bpf_core_field_exists(cgroup->bpf))
		return false;
	bpf_probe_read_kernel(&programs, sizeof(programs),
			      (const void *)cgroup + bpf_core_field_offset(cgroup->bpf.effective) +
				      place * sizeof(programs));
	return programs && BPF_CORE_READ(programs, items[0].prog);
}

SEC("?fexit/mptcp_getsockopt")
int BPF_PROG(getsockopt, struct sock *sk, int level, int optname)
{
	__u64 result = 0;

	if (!bpf_get_func_ret(ctx, &result) && is_refusal(result) && !may_be_answered(sk))
		emit_denied(sk, level, optname, true, result);
	return 0;
}

/* After these programs; not called where there are none. */
SEC("?fexit/__cgroup_bpf_run_filter_getsockopt")
int BPF_PROG(getsockopt_late, struct sock *sk, int level, int optname)
{
	__u64 result = 0;

	if (sk->sk_protocol == IPPROTO_MPTCP && level != SOCKOPT_LEVEL_SOCKET &&
	    !bpf_get_func_ret(ctx, &result) && is_refusal(result))
		emit_denied(sk, level, optname, true, result);
	return 0;
}
