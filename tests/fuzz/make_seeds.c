// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the fuzzers start from: a record of each event, and recordings of one and of all of them.
 *
 *	make_seeds DIRECTORY
 *
 * DIRECTORY has the directories fuzz_record and fuzz_replay.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "watch/event.h"
#include "watch/recording.h"
#include "watch/sample_record.h"

static const char cgroup[] = "/system.slice/app.service";

static FILE *create(const char *directory, const char *fuzzer, const char *name)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/%s", directory, fuzzer, name);
	file = fopen(path, "w");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

static void write_record(const char *directory, uint32_t event)
{
	FILE *file = create(directory, "fuzz_record", event_name(event));
	const struct watch_record record = sample_record(event);
	const int64_t wall_offset_ns = SAMPLE_WALL_OFFSET_NS;

	fwrite(&record, sizeof(record), 1, file);
	fwrite(&wall_offset_ns, sizeof(wall_offset_ns), 1, file);
	fputs(cgroup, file);
	fclose(file);
}

static void write_recording(const char *directory, const char *name, const char *path_of_cgroup,
			    uint32_t first, uint32_t last)
{
	struct recording *recording = NULL;
	struct watch_record record;
	char path[PATH_MAX];
	uint32_t event;

	snprintf(path, sizeof(path), "%s/fuzz_replay/%s", directory, name);
	if (recording_open(&recording, path, -1) ||
	    recording_start(recording, SAMPLE_WALL_OFFSET_NS))
		exit(1);
	recording_add_cgroup(recording, 77, path_of_cgroup);
	recording_add_clock(recording, SAMPLE_WALL_OFFSET_NS + 1);
	for (event = first; event <= last; event++) {
		record = sample_record(event);
		recording_add(recording, &record);
	}
	if (recording_close(recording))
		exit(1);
}

int main(int argc, char **argv)
{
	char longest[PATH_MAX + 1] = "";
	uint32_t event;

	if (argc != 2) {
		fprintf(stderr, "usage: make_seeds DIRECTORY\n");
		return 2;
	}
	for (event = 1; event < WATCH_EVENTS; event++) {
		write_record(argv[1], event);
		write_recording(argv[1], event_name(event), cgroup, event, event);
	}
	memset(longest, 'a', PATH_MAX);
	write_recording(argv[1], "all", longest, 1, WATCH_EVENTS - 1);
	return 0;
}
