// SPDX-License-Identifier: GPL-2.0-or-later
/* Any bytes as a recording: an error or lines, or lines and then an error. */
#include <stdlib.h>
#include <string.h>

#include "watch/cgroup_names.h"
#include "watch/event.h"
#include "check_lines.h"
#include "watch/recording.h"

/* Of recording.c: the header, then entries, each with its kind, its length, and that number of bytes. */
#define HEADER_SIZE	  32
#define ENTRY_HEADER_SIZE 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

struct replay {
	struct cgroup_names *cgroups;
	int64_t wall_offset_ns;
};

static void set_clock(void *context, int64_t wall_offset_ns)
{
	((struct replay *)context)->wall_offset_ns = wall_offset_ns;
}

static void add_cgroup(void *context, uint64_t id, const char *path)
{
	cgroup_names_add(((struct replay *)context)->cgroups, id, path);
}

static int handle_record(void *context, const struct watch_record *record)
{
	const struct replay *replay = context;
	const struct print_context print_context = {
		.wall_offset_ns = replay->wall_offset_ns,
		.cgroup = cgroup_names_find(replay->cgroups, record->owner.cgroup),
	};

	if (!event_name(record->type))
		abort();
	check_lines(record, &print_context, &(struct text_style){ 0 });
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct replay replay = { .cgroups = cgroup_names_new() };
	const struct recording_reader reader = { &replay, set_clock, add_cgroup, handle_record };
	FILE *file = fmemopen((void *)data, size, "r");

	if (file && replay.cgroups) {
		recording_read(file, "fuzz", &reader);
		fclose(file);
	}
	cgroup_names_free(replay.cgroups);
	return 0;
}

/* Where entry number `index` begins, or the last before it. */
static uint8_t *find_entry(uint8_t *data, size_t size, unsigned int index)
{
	size_t offset = HEADER_SIZE, next;
	uint32_t length;

	for (; index; index--) {
		memcpy(&length, data + offset + sizeof(uint32_t), sizeof(length));
		next = offset + ENTRY_HEADER_SIZE + length;
		if (next + ENTRY_HEADER_SIZE > size)
			break;
		offset = next;
	}
	return data + offset;
}

/* Every other time only the kind and length of one entry, or they would be among thousands of bytes. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint8_t *entry;

	if (seed % 2 || size < HEADER_SIZE + ENTRY_HEADER_SIZE)
		return LLVMFuzzerMutate(data, size, max_size);
	entry = find_entry(data, size, seed / 2 % 32);
	LLVMFuzzerMutate(entry, ENTRY_HEADER_SIZE, ENTRY_HEADER_SIZE);
	return size;
}
