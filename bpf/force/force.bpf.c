// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the TCP sockets of chosen tasks Multipath TCP sockets. All subjects are compiled as one: the
 * hook is in upgrade.bpf.c, the option bridge in bridge_*.bpf.c, and the enforcers in
 * enforcers.bpf.c and requests.bpf.c.
 */

#include "bridge_apply.bpf.c"
#include "bridge_asked.bpf.c"
#include "bridge_existing.bpf.c"
#include "bridge_get.bpf.c"
#include "bridge_set.bpf.c"
#include "confined.bpf.c"
#include "connections.bpf.c"
#include "enforcers.bpf.c"
#include "recreated.bpf.c"
#include "requests.bpf.c"
#include "running.bpf.c"
#include "upgrade.bpf.c"

char LICENSE[] SEC("license") = "GPL";

/*
 * The ids by which other enforcers find this attachment. User space writes them once everything is
 * attached.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct force_directory);
} directory SEC(".maps");
