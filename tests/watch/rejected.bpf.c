// SPDX-License-Identifier: GPL-2.0-only
/* mptcp-watch's programs, and one that every verifier rejects: see rejected.t. */
#include "watch/watch.bpf.c"

SEC("?fentry/mptcp_listen")
int BPF_PROG(rejected, struct socket *socket, int backlog)
{
	/* An offset that nothing bounds. */
	return (int)((__u64 *)lost)[(__u32)backlog];
}
