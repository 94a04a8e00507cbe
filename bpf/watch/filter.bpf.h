/* SPDX-License-Identifier: GPL-2.0-only */
/* The filters: events, network namespace, port, and the owner's cgroup and name. */
#ifndef FILTER_BPF_H
#define FILTER_BPF_H

#include "common/kernel.h"
#include "common/core_compat.h"
#include "filter_cgroup.bpf.h"
#include "watch.h"

/* Set before load. */
const volatile __u32 filter_events; /* bits 1 << enum watch_event */
const volatile __u32 filter_netns;  /* inode number; 0: any */
const volatile __u16 filter_port;   /* host byte order, local or remote; 0: any */
const volatile bool filter_comm_set;
const volatile char filter_comm[WATCH_COMM_LEN];

static __always_inline bool event_selected(enum watch_event event)
{
	return filter_events & 1U << event;
}

static __always_inline __u32 netns_of(const struct sock *sk)
{
	const struct net *net = READ(struct sock, sk, __sk_common.skc_net.net);

	return READ(struct net, net, ns.inum);
}

static __always_inline bool netns_filtered_out(const struct sock *sk)
{
	return filter_netns && filter_netns != netns_of(sk);
}

static __always_inline bool comm_matches(const char *comm)
{
	int i;

	for (i = 0; i < WATCH_COMM_LEN; i++)
		if (comm[i] != filter_comm[i])
			return false;
	return true;
}

static __always_inline bool task_filtered_out(const struct task_struct *task, const char *comm)
{
	return (filter_cgroup_set && !in_filter_cgroup(task)) ||
	       (filter_comm_set && !comm_matches(comm));
}

/* Whether a filter selects connections by their owner. */
static __always_inline bool filters_owners(void)
{
	return filter_cgroup_set || filter_comm_set;
}

/*
 * The socket that has the connection's addresses. The MPTCP socket gets them at the end of
 * connect(), possibly after the SYN+ACK. Until then, its first subflow has them.
 */
static __always_inline const struct sock *socket_with_addresses(const struct mptcp_sock *msk)
{
	const struct sock *sk = (const struct sock *)msk, *first;

	if (READ(struct sock, sk, __sk_common.skc_dport))
		return sk;
	first = READ(struct mptcp_sock, msk, first);
	return first ?: sk;
}

static __always_inline bool port_filtered_out(__be16 sport, __be16 dport)
{
	return filter_port && bpf_ntohs(sport) != filter_port && bpf_ntohs(dport) != filter_port;
}

static __always_inline bool ports_filtered_out(const struct mptcp_sock *msk)
{
	const struct sock *sk;

	if (!filter_port)
		return false;
	sk = socket_with_addresses(msk);
	return port_filtered_out(bpf_htons(BPF_CORE_READ(sk, __sk_common.skc_num)),
				 BPF_CORE_READ(sk, __sk_common.skc_dport));
}

#endif /* FILTER_BPF_H */
