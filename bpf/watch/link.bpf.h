/* SPDX-License-Identifier: GPL-2.0-only */
/* Network interfaces that went down while we watched, to tell why a path was lost. */
#ifndef LINK_BPF_H
#define LINK_BPF_H

#include "record.bpf.h"

struct link {
	__u32 netns;
	__u32 if_idx;
};

/* Why it carries nothing: each of these can begin and end without the other. */
enum link_down {
	LINK_NO_CARRIER = 1 << 0,
	LINK_SET_DOWN = 1 << 1, /* by 'ip link set DEVICE down' */
};

/* Bits of enum link_down. The oldest is forgotten when there are too many. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct link);
	__type(value, __u32);
} links_down SEC(".maps");

static __always_inline struct link link_of(const struct net_device *device)
{
	return (struct link){
		.netns = BPF_CORE_READ(device, nd_net.net, ns.inum),
		.if_idx = BPF_CORE_READ(device, ifindex),
	};
}

static __always_inline void link_went_down(const struct net_device *device, enum link_down reason)
{
	struct link link = link_of(device);
	__u32 none = 0, *reasons;

	bpf_map_update_elem(&links_down, &link, &none, BPF_NOEXIST);
	reasons = bpf_map_lookup_elem(&links_down, &link);
	if (reasons)
		__sync_fetch_and_or(reasons, reason);
}

static __always_inline void link_came_up(const struct net_device *device, enum link_down reason)
{
	struct link link = link_of(device);
	__u32 *reasons = bpf_map_lookup_elem(&links_down, &link);

	if (reasons)
		__sync_fetch_and_and(reasons, ~reason);
}

/* The interface that the subflow's packets last came in by. */
static __always_inline bool link_is_down(const struct sock *ssk)
{
	struct link link = {
		.netns = netns_of(ssk),
		.if_idx = BPF_CORE_READ(ssk, sk_rx_dst_ifindex),
	};
	const __u32 *reasons = bpf_map_lookup_elem(&links_down, &link);

	return reasons && *reasons;
}

SEC("?fentry/netif_carrier_off")
int BPF_PROG(carrier_lost, struct net_device *device)
{
	link_went_down(device, LINK_NO_CARRIER);
	return 0;
}

SEC("?fentry/netif_carrier_on")
int BPF_PROG(carrier_back, struct net_device *device)
{
	link_came_up(device, LINK_NO_CARRIER);
	return 0;
}

/* 'ip link set DEVICE down' and 'up': called after the flags have changed. */
SEC("?fentry/__dev_notify_flags")
int BPF_PROG(link_flags_changed, struct net_device *device, unsigned int old_flags)
{
	unsigned int flags = BPF_CORE_READ(device, flags);

	if (!((flags ^ old_flags) & IFF_UP))
		return 0;
	if (flags & IFF_UP)
		link_came_up(device, LINK_SET_DOWN);
	else
		link_went_down(device, LINK_SET_DOWN);
	return 0;
}

#endif /* LINK_BPF_H */
