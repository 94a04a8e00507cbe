// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "kernel_btf.h"

static struct btf *loaded;

/*
 * The ids of all functions, in a hash table by name: the tools ask for some 50 of them, and
 * btf__find_by_name_kind() goes through all types for each.
 */
static struct {
	uint32_t *ids; /* 0: free; no function has that id */
	uint32_t mask;
} functions;

const struct btf *kernel_btf(void)
{
	if (!loaded)
		loaded = btf__load_vmlinux_btf();
	return loaded;
}

/* FNV-1a. */
static uint32_t hash_of(const char *name)
{
	uint32_t hash = 2166136261U;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619U;
	return hash;
}

/* The place of a function, or the free one where it belongs. */
static uint32_t *find_place(const struct btf *btf, const char *name)
{
	uint32_t place = hash_of(name) & functions.mask;
	const struct btf_type *type;

	while (functions.ids[place]) {
		type = btf__type_by_id(btf, functions.ids[place]);
		if (strcmp(btf__name_by_offset(btf, type->name_off), name) == 0)
			break;
		place = (place + 1) & functions.mask;
	}
	return &functions.ids[place];
}

static bool index_functions(const struct btf *btf)
{
	uint32_t types = btf__type_cnt(btf), size = 1024, id;
	const struct btf_type *type;

	/* Fewer than all types are functions, so that places are left. */
	while (size < types)
		size *= 2;
	functions.ids = calloc(size, sizeof(*functions.ids));
	if (!functions.ids)
		return false;
	functions.mask = size - 1;
	for (id = 1; id < types; id++) {
		type = btf__type_by_id(btf, id);
		if (btf_is_func(type))
			*find_place(btf, btf__name_by_offset(btf, type->name_off)) = id;
	}
	return true;
}

bool kernel_has_function(const char *name)
{
	const struct btf *btf = kernel_btf();

	if (!btf)
		return false;
	if (!functions.ids && !index_functions(btf))
		return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
	return *find_place(btf, name);
}

void kernel_btf_forget(void)
{
	free(functions.ids);
	functions.ids = NULL;
	btf__free(loaded);
	loaded = NULL;
}
