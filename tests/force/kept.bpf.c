// SPDX-License-Identifier: GPL-2.0-only
/* An iterator over a map of socket storage that prints a line for each element:
 * see bridge_stress.t. */
#include "common/kernel.h"

struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	struct sock *sk;
	void *value;
};

SEC("iter/bpf_sk_storage_map")
int print_kept(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	if (ctx->sk && ctx->value)
		BPF_SEQ_PRINTF(ctx->meta->seq, "kept\n");
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
