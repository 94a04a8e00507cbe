// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static FILE *real_stderr;
static char captured[16384];

/* A file and not memory, so that it is one with a child. glibc's stderr may be assigned to. */
void capture_start(void)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	real_stderr = stderr;
	stderr = file;
}

const char *capture_end(void)
{
	size_t length;

	rewind(stderr);
	length = fread(captured, 1, sizeof(captured) - 1, stderr);
	captured[length] = '\0';
	fclose(stderr);
	stderr = real_stderr;
	return captured;
}

void assert_contains_at(const char *text, const char *part, const char *file, int line)
{
	if (strstr(text, part))
		return;
	print_error("'%s' does not contain '%s'\n", text, part);
	_fail(file, line);
}
