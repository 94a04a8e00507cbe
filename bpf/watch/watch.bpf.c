// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports what MPTCP does: connections, subflows, failovers. User space loads the programs that the
 * selected events need and whose functions the kernel has.
 *
 * All subjects are compiled as one, because they share functions that are inlined. A file that is
 * missing here breaks the build of user/watch/watcher.c, which names all programs.
 */

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
#include "sockopt.bpf.c"
#include "upgraded.bpf.c"

char LICENSE[] SEC("license") = "GPL";
