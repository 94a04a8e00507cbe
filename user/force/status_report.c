// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/cgroup.h"
#include "status_report.h"

const struct pinned_scope *status_scope(const struct attached *attached)
{
	size_t i;

	if (attached->scopes.in_force)
		return attached->scopes.in_force->legible ? attached->scopes.in_force : NULL;
	for (i = attached->scopes.count; i > 0; i--) {
		if (attached->scopes.all[i - 1].legible)
			return &attached->scopes.all[i - 1];
	}
	return NULL;
}

void status_format_time(uint64_t since_ns, char *text)
{
	time_t seconds = (time_t)(since_ns / 1000000000);
	struct tm utc;

	if (!gmtime_r(&seconds, &utc) || !strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc))
		snprintf(text, 32, "an unknown time");
}

char *status_cgroup_path(const struct force_pinned_rule *rule)
{
	struct cgroup_mount mount;
	const char *below = rule->text;
	size_t root;
	char *path;

	if (cgroup_find_mount(&mount))
		return NULL;
	root = strcmp(mount.root, "/") ? strlen(mount.root) : 0;
	if (strncmp(below, mount.root, root) == 0)
		below += root;
	return asprintf(&path, "%s%s", mount.path, below) < 0 ? NULL : path;
}
