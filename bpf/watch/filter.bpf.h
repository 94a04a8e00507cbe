/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user wants to see: events, network namespace, port, and the owner's cgroup and name. */
#ifndef FILTER_BPF_H
#define FILTER_BPF_H

#include "common/kernel.h"
#include "common/core_compat.h"
#include "wanted_cgroup.bpf.h"
#include "watch.h"

/* Set before load. */
const volatile __u32 wanted_events; /* bits 1 << enum watch_event */
const volatile __u32 wanted_netns;  /* inode number; 0: any */
const volatile __u16 wanted_port;   /* host byte order, local or remote; 0: any */
const volatile bool wanted_comm_set;
const volatile char wanted_comm[WATCH_COMM_LEN];

static __always_inline bool event_wanted(enum watch_event event)
{
	return wanted_events & 1U << event;
}

static __always_inline __u32 netns_of(const struct sock *sk)
{
	const struct net *net = READ(struct sock, sk, __sk_common.skc_net.net);

	return READ(struct net, net, ns.inum);
}

static __always_inline bool netns_unwanted(const struct sock *sk)
{
	return wanted_netns && wanted_netns != netns_of(sk);
}

static __always_inline bool comm_matches(const char *comm)
{
	int i;

	for (i = 0; i < WATCH_COMM_LEN; i++)
		if (comm[i] != wanted_comm[i])
			return false;
	return true;
}

static __always_inline bool task_unwanted(const struct task_struct *task, const char *comm)
{
	return (wanted_cgroup_set && !below_wanted_cgroup(task)) ||
	       (wanted_comm_set && !comm_matches(comm));
}

/* Only those of some owners are wanted. */
static __always_inline bool owner_filtered(void)
{
	return wanted_cgroup_set || wanted_comm_set;
}

/*
 * The socket that has the connection's addresses. Its own gets them at the end of connect(), which
 * can be after the SYN+ACK: until then, its first subflow's.
 */
static __always_inline const struct sock *addressed(const struct mptcp_sock *msk)
{
	const struct sock *sk = (const struct sock *)msk, *first;

	if (READ(struct sock, sk, __sk_common.skc_dport))
		return sk;
	first = READ(struct mptcp_sock, msk, first);
	return first ?: sk;
}

static __always_inline bool port_unwanted(__be16 sport, __be16 dport)
{
	return wanted_port && bpf_ntohs(sport) != wanted_port && bpf_ntohs(dport) != wanted_port;
}

static __always_inline bool ports_unwanted(const struct mptcp_sock *msk)
{
	const struct sock *sk;

	if (!wanted_port)
		return false;
	sk = addressed(msk);
	return port_unwanted(bpf_htons(BPF_CORE_READ(sk, __sk_common.skc_num)),
			     BPF_CORE_READ(sk, __sk_common.skc_dport));
}

#endif /* FILTER_BPF_H */
