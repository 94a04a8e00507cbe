// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"
#include "recording.h"
#include "replay.h"
#include "teller.h"

/* So much is written at once of a file; of a pipe each line as it comes. */
#define FLUSH_AFTER 256

struct replayer {
	struct teller teller;
	enum output_result result;
	unsigned int unwritten, flush_after;
};

static void set_clock(void *context, int64_t wall_offset_ns)
{
	struct replayer *replayer = context;

	replayer->teller.surroundings.wall_offset_ns = wall_offset_ns;
}

static void add_cgroup(void *context, uint64_t id, const char *path)
{
	struct replayer *replayer = context;

	cgroup_names_add(replayer->teller.cgroups, id, path);
}

static int tell(void *context, const struct watch_record *record)
{
	struct replayer *replayer = context;
	struct teller *teller = &replayer->teller;

	teller_tell(teller, record, cgroup_names_find(teller->cgroups, record->owner.cgroup));
	if (++replayer->unwritten == replayer->flush_after) {
		replayer->result = output_flush(teller->output);
		replayer->unwritten = 0;
	}
	return replayer->result != OUTPUT_WRITTEN || teller_done(teller);
}

static bool is_regular(FILE *file)
{
	struct stat status;

	return !fstat(fileno(file), &status) && S_ISREG(status.st_mode);
}

enum exit_status replay(const struct watch_options *chosen)
{
	struct replayer replayer = { .teller = { .events = chosen->filter.events,
						 .wanted = chosen->count,
						 .json = chosen->json,
						 .wide = chosen->wide } };
	const struct recording_reader reader = { &replayer, set_clock, add_cgroup, tell };
	bool is_stdin = strcmp(chosen->replay, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(chosen->replay, "re");
	enum exit_status status = STATUS_FAILED;
	char name[PATH_MAX + sizeof("''")] = "standard input";

	if (!file) {
		status = status_of_errno(errno);
		log_error("cannot open recording '%s': %s", chosen->replay, strerror(errno));
		return status;
	}
	if (!is_stdin)
		snprintf(name, sizeof(name), "'%s'", chosen->replay);
	replayer.flush_after = is_regular(file) ? FLUSH_AFTER : 1;
	if (teller_open(&replayer.teller, -1)) {
		status = recording_read(file, name, &reader);
		if (replayer.result == OUTPUT_WRITTEN)
			replayer.result = output_flush(replayer.teller.output);
		if (replayer.result == OUTPUT_FAILED)
			status = STATUS_FAILED;
	}
	teller_close(&replayer.teller);
	if (!is_stdin)
		fclose(file);
	return status;
}
