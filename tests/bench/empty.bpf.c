// SPDX-License-Identifier: GPL-2.0-only
/* Programs that do nothing: what the kernel's hooks for socket options cost by
 * themselves. */
#include "common/kernel.h"

SEC("cgroup/setsockopt")
int empty_set(struct bpf_sockopt *ctx)
{
	return 1;
}

SEC("cgroup/getsockopt")
int empty_get(struct bpf_sockopt *ctx)
{
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
