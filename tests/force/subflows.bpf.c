// SPDX-License-Identifier: GPL-2.0-only
/*
 * An iterator that prints the socket options of each subflow of the reader's
 * network namespace, a line each, as the kernel keeps them: no system call
 * reads those of a subflow. See bridge.t.
 */
#include "common/kernel.h"

struct bpf_iter__tcp {
	struct bpf_iter_meta *meta;
	struct sock_common *sk_common;
	uid_t uid;
};

SEC("iter/tcp")
int print_subflows(struct bpf_iter__tcp *ctx)
{
	struct sock_common *common = ctx->sk_common;
	struct seq_file *seq = ctx->meta->seq;
	struct tcp_sock *tcp;
	struct sock *sk;
	int tclass = -1;

	if (!common)
		return 0;
	tcp = bpf_skc_to_tcp_sock(common);
	if (!tcp || !BPF_CORE_READ_BITFIELD(tcp, is_mptcp))
		return 0;
	sk = &tcp->inet_conn.icsk_inet.sk;
	if (tcp->inet_conn.icsk_inet.pinet6)
		tclass = tcp->inet_conn.icsk_inet.pinet6->tclass;
	BPF_SEQ_PRINTF(seq, "local %d remote %d state %d ", common->skc_num,
		       bpf_ntohs(common->skc_dport), common->skc_state);
	BPF_SEQ_PRINTF(seq, "syncnt %d user_timeout %d thin %d save_syn %d ",
		       tcp->inet_conn.icsk_syn_retries, tcp->inet_conn.icsk_user_timeout,
		       BPF_CORE_READ_BITFIELD(tcp, thin_lto),
		       BPF_CORE_READ_BITFIELD(tcp, save_syn));
	BPF_SEQ_PRINTF(seq, "maxseg %d clamp %u rate %lu txrehash %d tclass %d\n",
		       tcp->rx_opt.user_mss, tcp->window_clamp, sk->sk_max_pacing_rate,
		       sk->sk_txrehash, tclass);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
