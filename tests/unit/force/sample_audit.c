// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fixture.h"
#include "sample_audit.h"

void sample_path(struct audit_path *path, const char *text)
{
	size_t length = strlen(text);

	memset(path, 0, sizeof(*path));
	path->begin = (uint32_t)(AUDIT_PATH_LEN - length);
	memcpy(path->bytes + path->begin, text, length);
}

struct audit_program sample_program(const char *comm)
{
	struct audit_program program = { .uid = 1000, .processes = 1 };
	char path[AUDIT_PATH_LEN];

	program.counts[AUDIT_TCP_SOCKETS] = 3;
	snprintf(path, sizeof(path), "/usr/sbin/%s", comm);
	sample_path(&program.exe, path);
	snprintf(path, sizeof(path), "/app.slice/%s", comm);
	sample_path(&program.cgroup, path);
	return program;
}

void sample_add(struct audit_report *report, const char *comm, const struct audit_program *program)
{
	struct audit_key key = { .inode = 1, .cgroup = 2, .device = 3 };

	memcpy(key.comm, comm, strnlen(comm, sizeof(key.comm)));
	assert_true(audit_report_add(report, &key, program));
}

char *sample_print(const struct audit_report *report,
		   void (*print)(const struct audit_report *report, FILE *out))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	print(report, out);
	assert_int_equal(fclose(out), 0);
	return text;
}
