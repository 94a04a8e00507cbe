// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a record, of a known event: then the clock's offset, then the path of the cgroup. */
#include <stdlib.h>
#include <string.h>

#include "check_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* As much as there is; the rest stays as it was. */
static void take(void *to, size_t wanted, const uint8_t **data, size_t *size)
{
	size_t length = min(wanted, *size);

	memcpy(to, *data, length);
	*data += length;
	*size -= length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct print_context context = { 0 };
	struct text_style style = { 0 };
	struct watch_record record = { 0 };
	char *cgroup = NULL;

	take(&record, sizeof(record), &data, &size);
	take(&context.wall_offset_ns, sizeof(context.wall_offset_ns), &data, &size);
	style.width = record.netns % 300;
	record.type = 1 + record.type % (WATCH_EVENTS - 1);
	if (size)
		cgroup = strndup((const char *)data, size);
	context.cgroup = cgroup;
	check_lines(&record, &context, &style);
	free(cgroup);
	return 0;
}
