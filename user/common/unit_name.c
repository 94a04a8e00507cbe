// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "unit_name.h"
#include "usage.h"

#define VALID	   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@"
#define ROOT_SLICE "-.slice"

static const char *const types_with_scope[] = { ".service", ".slice", ".scope", NULL };
static const char *const other_types[] = { ".socket", ".target", ".device", ".mount", ".automount",
					   ".swap",   ".timer",	 ".path",   NULL };

static bool is_one_of(const char *text, const char *const *list)
{
	for (; *list; list++) {
		if (strcmp(text, *list) == 0)
			return true;
	}
	return false;
}

static void check_bytes(const char *text, size_t longest)
{
	size_t length = strspn(text, VALID);

	if (!length || length > longest || text[length])
		usage_error("invalid --unit '%s': expected a name of 1 to %zu letters, digits or "
			    "any of : - _ . \\ @ (for the path of a cgroup, use --cgroup)",
			    text, longest);
}

/* Of foo@bar.service, foo and bar must be there. */
static void check_instance(const char *text, const char *name)
{
	const char *at = strchr(name, '@'), *type = strrchr(name, '.');

	if (at == name || type == name)
		usage_error("invalid --unit '%s': nothing is before the '%c' (give the full name "
			    "of the unit)",
			    text, *name);
	if (at && at + 1 == type)
		usage_error("invalid --unit '%s': it is a template (name an instance, such as "
			    "%.*s@1%s)",
			    text, (int)(at - name), name, type);
}

void unit_name_parse(const char *text, char *name)
{
	const char *type = strrchr(text, '.');
	bool has_type = type && is_one_of(type, types_with_scope);

	check_bytes(text, UNIT_NAME_SIZE - 1 - (has_type ? 0 : strlen(".service")));
	if (type && is_one_of(type, other_types))
		usage_error("invalid --unit '%s': expected a service, a slice or a scope (name the "
			    "service that it belongs to)",
			    text);
	snprintf(name, UNIT_NAME_SIZE, "%s%s", text, has_type ? "" : ".service");
	check_instance(text, name);
}

/* Whether systemd adds a '_', because the kernel could have a file of that name in the parent (cg_needs_escape()). */
static bool is_escaped(const char *name)
{
	static const char *const files[] = { "notify_on_release", "release_agent", "tasks", NULL };
	static const char *const controllers[] = { "cgroup",
						   "cpu",
						   "cpuacct",
						   "cpuset",
						   "io",
						   "blkio",
						   "memory",
						   "devices",
						   "pids",
						   "bpf-firewall",
						   "bpf-devices",
						   "bpf-foreign",
						   "bpf-socket-bind",
						   "bpf-restrict-network-interfaces",
						   NULL };
	size_t i, length;

	if (name[0] == '_' || name[0] == '.' || is_one_of(name, files))
		return true;
	for (i = 0; controllers[i]; i++) {
		length = strlen(controllers[i]);
		if (strncmp(name, controllers[i], length) == 0 && name[length] == '.')
			return true;
	}
	return false;
}

static int append(char *path, size_t size, const char *name)
{
	size_t used = strlen(path);
	int length = snprintf(path + used, size - used, "/%s%s", is_escaped(name) ? "_" : "", name);

	return (size_t)length < size - used ? 0 : -ENAMETOOLONG;
}

/* The cgroup of a-b.slice is below that of a.slice. */
static int append_slice(char *path, size_t size, const char *slice)
{
	char parent[UNIT_NAME_SIZE];
	const char *dash;
	int err = 0;

	for (dash = strchr(slice, '-'); !err && dash; dash = strchr(dash + 1, '-')) {
		snprintf(parent, sizeof(parent), "%.*s.slice", (int)(dash - slice), slice);
		err = append(path, size, parent);
	}
	return err ? err : append(path, size, slice);
}

int unit_name_to_path(const char *name, const char *slice, char *path, size_t size)
{
	int err = 0;

	path[0] = '\0';
	if (slice[0] && strcmp(slice, ROOT_SLICE) != 0)
		err = append_slice(path, size, slice);
	return err ? err : append(path, size, name);
}
