// SPDX-License-Identifier: GPL-2.0-only
/*
 * Report what MPTCP does: connections, subflows, failovers. User space loads the programs that the
 * wanted events need and whose functions the kernel has.
 *
 * All subjects are compiled as one, because they share inlined functions: what a static function has
 * checked or reserved is lost on the verifiers of older kernels. A file that is not included here is
 * missed by user/watch/watcher.c, which names all programs.
 */

#include "common/preemption.bpf.c"
#include "address.bpf.c"
#include "destroy.bpf.c"
#include "event.bpf.c"
#include "failover.bpf.c"
#include "fallback.bpf.c"
#include "filter_cgroup.bpf.c"
#include "initial.bpf.c"
#include "join.bpf.c"
#include "listeners.bpf.c"
#include "netdev.bpf.c"
#include "owner.bpf.c"
#include "refused_syn.bpf.c"
#include "syscalls.bpf.c"

char LICENSE[] SEC("license") = "GPL";
