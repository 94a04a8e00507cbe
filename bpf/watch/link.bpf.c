// SPDX-License-Identifier: GPL-2.0-only
/* Network interfaces go down and come up: see link.bpf.h. */

#include "link.bpf.h"

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
