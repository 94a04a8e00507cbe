// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets of programs in scope that ask for MPTCP themselves: they know what MPTCP sockets refuse,
 * and are not bridged. Only the hook sees what was asked for, before there is a socket: it leaves a
 * note for the thread, and the program below, which the kernel calls for MPTCP sockets alone, moves
 * it to the socket. Accepted sockets inherit it.
 */

#include "bridge.bpf.h"
#include "asked.bpf.h"

SEC("?fentry/mptcp_init_sock")
int BPF_PROG(note_asked, struct sock *sk)
{
	struct bridge_state *state;

	if (!take_note())
		return 0;
	state = bpf_sk_storage_get(&bridge_states, sk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (state)
		state->asked = true;
	return 0;
}
