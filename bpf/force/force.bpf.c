// SPDX-License-Identifier: GPL-2.0-only
/*
 * Make the TCP sockets of chosen tasks Multipath TCP sockets. All subjects are compiled as one: see
 * upgrade.bpf.c for the hook.
 */

#include "common/preemption.bpf.c"
#include "enforcers.bpf.c"
#include "recreated.bpf.c"
#include "running.bpf.c"
#include "upgrade.bpf.c"

char LICENSE[] SEC("license") = "GPL";

/* By what ids other enforcers find this attachment: user space writes it once all is attached. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct force_directory);
} directory SEC(".maps");
