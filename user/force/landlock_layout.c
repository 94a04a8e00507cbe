// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <string.h>

#include "common/landlock.h"
#include "common/program.h"
#include "landlock_layout.h"

static const struct btf_type *find_struct(const struct btf *btf, const char *name)
{
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	return id < 0 ? NULL : btf__type_by_id(btf, (__u32)id);
}

/* Also finds members of nameless structures and unions in it, which have none in turn. */
static bool find_member(const struct btf *btf, const struct btf_type *type, const char *name,
			__u32 *bits)
{
	const struct btf_type *inner;
	const struct btf_member *member;
	const char *found;
	__u32 i;

	if (!type)
		return false;
	member = btf_members(type);
	for (i = 0; i < btf_vlen(type); i++) {
		found = btf__name_by_offset(btf, member[i].name_off);
		inner = btf__type_by_id(btf, member[i].type);
		if (strcmp(found, name) == 0)
			*bits = 0;
		/* NOLINTNEXTLINE(misc-no-recursion): as deep as the kernel nests structures */
		else if (*found || !btf_is_composite(inner) || !find_member(btf, inner, name, bits))
			continue;
		*bits += btf_member_bit_offset(type, i);
		return true;
	}
	return false;
}

/* The masks are an array of struct access_masks, one for each layer. */
static bool read_domain(const struct btf *btf, const char *domain, const char *masks,
			struct force_landlock_layout *layout)
{
	const struct btf_type *mask = find_struct(btf, "access_masks");
	const struct btf_type *type = find_struct(btf, domain);
	__u32 layers_bits, masks_bits, net_bits;

	if (!find_member(btf, type, "num_layers", &layers_bits) ||
	    !find_member(btf, type, masks, &masks_bits) ||
	    !find_member(btf, mask, "net", &net_bits) || mask->size != sizeof(__u32))
		return false;
	layout->num_layers = layers_bits / 8;
	layout->masks = masks_bits / 8;
	layout->net_shift = net_bits;
	layout->known = true;
	return true;
}

struct force_landlock_layout landlock_layout(const struct btf *btf)
{
	struct force_landlock_layout layout = { 0 };

	/* The name since Linux 7.3, then that of earlier kernels. */
	if (!read_domain(btf, "landlock_domain", "handled_masks", &layout))
		read_domain(btf, "landlock_ruleset", "access_masks", &layout);
	return layout;
}

bool landlock_find(const struct bpf_program *find_landlock, const int *offset)
{
	return !landlock_restricts_tcp() || (!program_run(find_landlock) && *offset >= 0);
}
