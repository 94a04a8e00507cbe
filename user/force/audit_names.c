// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "audit_names.h"
#include "common/utf8.h"

void audit_print_name(FILE *out, const char *name, size_t length)
{
	char *escaped = malloc(length * UTF8_ESCAPE_MAX + 1);

	if (escaped)
		fwrite(escaped, 1, (size_t)(utf8_escape(escaped, name, length) - escaped), out);
	free(escaped);
}

void audit_print_comm(FILE *out, const struct audit_key *key)
{
	audit_print_name(out, key->comm, strnlen(key->comm, sizeof(key->comm)));
}

void audit_print_path(FILE *out, const struct audit_path *path)
{
	size_t length;
	const char *bytes = audit_path(path, &length);

	if (path->truncated)
		fputs("...", out);
	audit_print_name(out, bytes, length);
}
