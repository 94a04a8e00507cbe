// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "common/usage.h"
#include "scope_name.h"

/* Bytes that are the same in the name of the folder. */
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_@"

/* Bytes that are escaped: as %2E and %5C. */
#define ESCAPED ".\\"

bool scope_name_is_valid(const char *name)
{
	size_t length = strspn(name, PLAIN ESCAPED);

	return length > 0 && length <= SCOPE_NAME_LENGTH && name[length] == '\0' && name[0] != '-';
}

void scope_name_to_folder(const char *name, char *folder)
{
	char *end = folder;

	for (; *name; name++) {
		if (strchr(ESCAPED, *name))
			end += sprintf(end, "%%%02X", (unsigned char)*name);
		else
			*end++ = *name;
	}
	*end = '\0';
}

bool scope_name_of_folder(const char *folder, char *name)
{
	size_t length = 0;

	for (; *folder && length < SCOPE_NAME_LENGTH; length++) {
		if (strncmp(folder, "%2E", 3) == 0 || strncmp(folder, "%5C", 3) == 0) {
			name[length] = folder[1] == '2' ? '.' : '\\';
			folder += 3;
		} else if (strchr(PLAIN, *folder)) {
			name[length] = *folder++;
		} else {
			return false;
		}
	}
	name[length] = '\0';
	return !*folder && scope_name_is_valid(name);
}

const char *scope_name_parse(const char *text)
{
	if (!scope_name_is_valid(text))
		usage_error(
			"invalid NAME '%s': expected 1 to %d letters, digits or any of : - _ . @ \\, "
			"and no '-' at the start",
			text, SCOPE_NAME_LENGTH);
	return text;
}
