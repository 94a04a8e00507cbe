// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts the connections of upgraded sockets: those that speak MPTCP, and those that fell back to
 * TCP while they were set up, because the peer or the network does not let MPTCP pass. The programs
 * are attached to functions that the kernel calls for MPTCP sockets only.
 */

#include "bridge.bpf.h"
#include "counters.bpf.h"

/* Of a connection that is being set up: the identity of the enforcer that counts it. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} connecting SEC(".maps");

static __always_inline __u64 identity_of_verdict(__u32 verdict)
{
	const struct enforcer *enforcer = enforcer_at(place_of(verdict));

	return enforcer ? enforcer->word >> ENFORCER_STATE_BITS : 0;
}

static __always_inline void count_connection(__u64 identity, bool speaks_mptcp)
{
	const struct enforcer *enforcer = enforcer_at(FORCE_PLACE(identity));

	/* Another enforcer may have taken the place since. */
	if (enforcer && enforcer->word >> ENFORCER_STATE_BITS == identity)
		count_at(FORCE_PLACE(identity),
			 speaks_mptcp ? FORCE_CONNECTED_MPTCP : FORCE_CONNECTED_TCP);
}

/* In the context of the task that connects: the SYN-ACK arrives in that of any task. */
SEC("?fentry/mptcp_connect")
int BPF_PROG(note_connect, struct sock *sk)
{
	__u32 verdict = verdict_to_mptcp();
	const struct bridge_state *state;
	__u64 *identity;

	if (verdict == NOT_INCLUDED)
		return 0;
	state = bpf_sk_storage_get(&bridge_states, sk, NULL, 0);
	if (state && state->asked)
		return 0;
	identity = bpf_sk_storage_get(&connecting, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (identity)
		*identity = identity_of_verdict(verdict);
	return 0;
}

/* The SYN-ACK has been handled. */
SEC("?fexit/subflow_finish_connect")
int BPF_PROG(count_connected, struct sock *ssk)
{
	/* The connection's struct socket (mptcp_sock_graft()), until the connection is closed. */
	struct socket *socket = ssk->sk_socket;
	struct sock *msk = socket ? socket->sk : NULL;
	const struct mptcp_subflow_context *context;
	const __u64 *identity;

	if (!msk)
		return 0;
	identity = bpf_sk_storage_get(&connecting, msk, NULL, 0);
	if (!identity)
		return 0;
	context = CAST(struct mptcp_subflow_context,
		       CAST(struct inet_connection_sock, ssk)->icsk_ulp_data);
	if (BPF_CORE_READ_BITFIELD(context, request_join))
		return 0;
	count_connection(*identity, BPF_CORE_READ_BITFIELD(context, mp_capable));
	bpf_sk_storage_delete(&connecting, msk);
	return 0;
}

static __always_inline bool speaks_mptcp(const struct sock *sk)
{
	return sk->sk_protocol == IPPROTO_MPTCP &&
	       !(CAST(struct mptcp_sock, sk)->flags >> MPTCP_FALLBACK_DONE & 1);
}

/* A listener's socket is TCP at once if the client does not ask for MPTCP. */
SEC("?fexit/mptcp_stream_accept")
int BPF_PROG(count_accepted, struct socket *listener, struct socket *accepted)
{
	const struct bridge_state *state;
	struct sock *sk = listener->sk;
	__u32 verdict;
	__u64 result;

	/* Its place depends on the kernel: mptcp_stream_accept() has had several parameters. */
	if (bpf_get_func_ret(ctx, &result) || (int)result)
		return 0;
	verdict = verdict_to_mptcp();
	if (verdict == NOT_INCLUDED || !sk)
		return 0;
	state = bpf_sk_storage_get(&bridge_states, sk, NULL, 0);
	if (state && state->asked)
		return 0;
	sk = accepted->sk;
	if (sk)
		count_connection(identity_of_verdict(verdict), speaks_mptcp(sk));
	return 0;
}
