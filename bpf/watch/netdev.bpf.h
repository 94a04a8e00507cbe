/* SPDX-License-Identifier: GPL-2.0-only */
/* Network devices that went down while mptcp-watch was running, to explain why a path failed. */
#ifndef NETDEV_BPF_H
#define NETDEV_BPF_H

#include "record.bpf.h"

struct netdev_key {
	__u32 netns;
	__u32 if_idx;
};

/* Why a device carries nothing. Each reason can begin and end without the other. */
enum netdev_down {
	NETDEV_NO_CARRIER = 1 << 0,
	NETDEV_ADMIN_DOWN = 1 << 1, /* by 'ip link set DEVICE down' */
};

/* Bits of enum netdev_down. The oldest entries are dropped if there are too many. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct netdev_key);
	__type(value, __u32);
} netdevs_down SEC(".maps");

static __always_inline struct netdev_key netdev_key_of(const struct net_device *device)
{
	return (struct netdev_key){
		.netns = BPF_CORE_READ(device, nd_net.net, ns.inum),
		.if_idx = BPF_CORE_READ(device, ifindex),
	};
}

/* Whether the device is down that last received a packet of the subflow. */
static __always_inline bool netdev_is_down(const struct sock *ssk)
{
	struct netdev_key key = {
		.netns = netns_of(ssk),
		.if_idx = BPF_CORE_READ(ssk, sk_rx_dst_ifindex),
	};
	const __u32 *reasons = bpf_map_lookup_elem(&netdevs_down, &key);

	return reasons && *reasons;
}

#endif /* NETDEV_BPF_H */
