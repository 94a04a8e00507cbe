/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Upgraded sockets that their programs bound to a device or an address: see confined.bpf.c. The
 * binding is that of the first subflow, which the program's setsockopt() and bind() reach.
 */
#ifndef CONFINED_BPF_H
#define CONFINED_BPF_H

#include "bridge.bpf.h"
#include "common/cast.h"
#include "common/kernel.h"
#include "counters.bpf.h"
#include "force.h"

/* From include/net/sock.h: the program chose the address. */
#define SOCK_BINDADDR_LOCK 4

struct confinement {
	__u32 device; /* index; 0: any */
	__u32 has_address;
	__u32 ipv4;
	__u32 ipv6[4];
};

/*
 * Only bound sockets have an entry, from connect() or listen() on. Accepted sockets get a copy of
 * their listener's.
 */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct confinement);
} confined SEC(".maps");

static __always_inline __u32 device_of(const struct sock *ssk)
{
	return ssk->__sk_common.skc_bound_dev_if;
}

#define IPV6_WORDS(sk) ((sk)->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32)

/* Whether its address is 0.0.0.0, ::, or ::ffff:0.0.0.0. */
static __always_inline bool has_any_address(const struct sock *ssk)
{
	const __u32 *words = IPV6_WORDS(ssk);

	if (ssk->__sk_common.skc_family == AF_INET)
		return !ssk->__sk_common.skc_rcv_saddr;
	return !(words[0] | words[1] | words[3]) && (!words[2] || words[2] == bpf_htonl(0xffff));
}

static __always_inline bool has_bound_address(const struct sock *ssk)
{
	return BPF_CORE_READ_BITFIELD(ssk, sk_userlocks) & SOCK_BINDADDR_LOCK &&
	       !has_any_address(ssk);
}

/* The verdict on the calling program if this tool upgraded the socket for it, or NOT_INCLUDED. */
static __always_inline __u32 verdict_on_binding(struct mptcp_sock *msk)
{
	const struct bridge_state *state = bpf_sk_storage_get(&bridge_states, msk, NULL, 0);

	return state && state->asked ? NOT_INCLUDED : verdict_to_mptcp();
}

/*
 * Called in the context of the program, before the first subflow connects or when it listens. A
 * socket may be connected again, no longer bound.
 */
static __always_inline void note_binding(struct mptcp_sock *msk, const struct sock *ssk)
{
	struct confinement *confinement;
	bool has_address = has_bound_address(ssk);
	__u32 device = device_of(ssk), verdict;

	if (!device && !has_address) {
		bpf_sk_storage_delete(&confined, msk);
		return;
	}
	verdict = verdict_on_binding(msk);
	if (verdict == NOT_INCLUDED)
		return;
	confinement = bpf_sk_storage_get(&confined, msk, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!confinement)
		return;
	if (!confinement->device && !confinement->has_address)
		count(verdict, FORCE_CONFINED);
	confinement->device = device;
	confinement->has_address = has_address;
	confinement->ipv4 = ssk->__sk_common.skc_rcv_saddr;
	__builtin_memcpy(confinement->ipv6, IPV6_WORDS(ssk), sizeof(confinement->ipv6));
}

#endif /* CONFINED_BPF_H */
