// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"

static struct fake {
	const char *path;
	const char *content;
} fakes[4];

FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__real_fopen(const char *path, const char *mode);

/* The place of path among the fakes: its own, or the first that is free, or NULL. */
static struct fake *find(const char *path)
{
	struct fake *fake;

	for (fake = fakes; fake < fakes + sizeof(fakes) / sizeof(fakes[0]); fake++) {
		if (!fake->path || strcmp(fake->path, path) == 0)
			return fake;
	}
	return NULL;
}

void fake_file(const char *path, const char *content)
{
	struct fake *fake = find(path);

	assert_non_null(fake);
	*fake = (struct fake){ .path = path, .content = content };
}

int forget_fake_files(void **state)
{
	(void)state;
	memset(fakes, 0, sizeof(fakes));
	return 0;
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
	const struct fake *fake = find(path);

	if (!fake || !fake->path)
		return __real_fopen(path, mode);
	if (fake->content)
		return fmemopen((char *)fake->content, strlen(fake->content), "r");
	errno = ENOENT;
	return NULL;
}
