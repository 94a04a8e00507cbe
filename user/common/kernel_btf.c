// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>

#include <bpf/btf.h>

#include "kernel_btf.h"

static struct btf *loaded;

const struct btf *kernel_btf(void)
{
	if (!loaded)
		loaded = btf__load_vmlinux_btf();
	return loaded;
}

bool kernel_has_function(const char *name)
{
	const struct btf *btf = kernel_btf();

	return btf && btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

void kernel_btf_forget(void)
{
	btf__free(loaded);
	loaded = NULL;
}
