// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notes what the programs in scope do with their TCP sockets, and changes nothing: a second object of
 * mptcp-force, which has the enforcers' rules, so that both agree on what is in scope, but not their
 * hook. It is loaded only while an audit runs, and every audit has its own.
 */

#include "audit_data.bpf.c"
#include "audit_options.bpf.c"
#include "audit_sockets.bpf.c"
#include "enforcers.bpf.c"
#include "recreated.bpf.c"
#include "requests.bpf.c"
#include "running.bpf.c"

char LICENSE[] SEC("license") = "GPL";
