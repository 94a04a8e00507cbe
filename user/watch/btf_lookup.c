// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "btf_lookup.h"

bool has_function(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

bool has_member(const struct btf *btf, const char *structure, const char *name)
{
	const struct btf_type *type;
	const struct btf_member *member;
	int id = btf__find_by_name_kind(btf, structure, BTF_KIND_STRUCT), i;

	if (id < 0)
		return false;
	type = btf__type_by_id(btf, (__u32)id);
	member = btf_members(type);
	for (i = 0; i < btf_vlen(type); i++) {
		if (strcmp(btf__name_by_offset(btf, member[i].name_off), name) == 0)
			return true;
	}
	return false;
}

bool shows_fallback(const struct btf *btf)
{
	return has_function(btf, "__mptcp_try_fallback") ||
	       (has_function(btf, "__mptcp_data_acked") &&
		has_member(btf, "mptcp_sock", "allow_subflows"));
}
