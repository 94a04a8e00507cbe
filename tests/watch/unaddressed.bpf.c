// SPDX-License-Identifier: GPL-2.0-only
/*
 * mptcp-watch's programs, and one for a function that the BTF of Debian's Linux 7.3 has although the
 * kernel has no symbol of that name: see rejected.t.
 */
#include "watch/watch.bpf.c"

SEC("?fentry/HUF_decompress4X1_usingDTable_internal_fast")
int BPF_PROG(unaddressed)
{
	return 0;
}
