// SPDX-License-Identifier: GPL-2.0-only
/* Network devices go down and come up: see netdev.bpf.h. */

#include "netdev.bpf.h"

static __always_inline void netdev_went_down(const struct net_device *device,
					     enum netdev_down reason)
{
	struct netdev_key key = netdev_key_of(device);
	__u32 none = 0, *reasons;

	bpf_map_update_elem(&netdevs_down, &key, &none, BPF_NOEXIST);
	reasons = bpf_map_lookup_elem(&netdevs_down, &key);
	if (reasons)
		__sync_fetch_and_or(reasons, reason);
}

static __always_inline void netdev_came_up(const struct net_device *device, enum netdev_down reason)
{
	struct netdev_key key = netdev_key_of(device);
	__u32 *reasons = bpf_map_lookup_elem(&netdevs_down, &key);

	if (reasons)
		__sync_fetch_and_and(reasons, ~reason);
}

SEC("?fentry/netif_carrier_off")
int BPF_PROG(carrier_off, struct net_device *device)
{
	netdev_went_down(device, NETDEV_NO_CARRIER);
	return 0;
}

SEC("?fentry/netif_carrier_on")
int BPF_PROG(carrier_on, struct net_device *device)
{
	netdev_came_up(device, NETDEV_NO_CARRIER);
	return 0;
}

/* 'ip link set DEVICE down' and 'up'. Called after the flags have changed. */
SEC("?fentry/__dev_notify_flags")
int BPF_PROG(netdev_flags, struct net_device *device, unsigned int old_flags)
{
	unsigned int flags = BPF_CORE_READ(device, flags);

	if (!((flags ^ old_flags) & IFF_UP))
		return 0;
	if (flags & IFF_UP)
		netdev_came_up(device, NETDEV_ADMIN_DOWN);
	else
		netdev_went_down(device, NETDEV_ADMIN_DOWN);
	return 0;
}
