// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cgroup_names.h"
#include "common/log.h"
#include "printer.h"
#include "recording.h"
#include "replay.h"

/* Write lines in batches of this many when reading a file; when reading a pipe, write each line immediately. */
#define FLUSH_AFTER 256

struct replayer {
	struct cgroup_names *cgroups;
	struct print_context context; /* of the current record */
	struct printer printer;
	enum output_result result;
	unsigned int unwritten, flush_after;
};

static void set_clock(void *context, int64_t wall_offset_ns)
{
	struct replayer *replayer = context;

	replayer->context.wall_offset_ns = wall_offset_ns;
}

static void add_cgroup(void *context, uint64_t id, const char *path)
{
	struct replayer *replayer = context;

	cgroup_names_add(replayer->cgroups, id, path);
}

static int handle_record(void *context, const struct watch_record *record)
{
	struct replayer *replayer = context;
	struct printer *printer = &replayer->printer;

	replayer->context.cgroup = NULL;
	if (printer_shows_cgroup(printer))
		replayer->context.cgroup = cgroup_names_find(replayer->cgroups,
							     record->owner.cgroup);
	printer_print(printer, record, &replayer->context);
	if (++replayer->unwritten == replayer->flush_after) {
		replayer->result = output_flush(printer->output);
		replayer->unwritten = 0;
	}
	return replayer->result != OUTPUT_WRITTEN || printer_done(printer);
}

static bool is_regular(FILE *file)
{
	struct stat status;

	return !fstat(fileno(file), &status) && S_ISREG(status.st_mode);
}

enum exit_status replay(const struct watch_options *chosen)
{
	struct replayer replayer = { .cgroups = cgroup_names_new() };
	const struct recording_reader reader = { &replayer, set_clock, add_cgroup, handle_record };
	bool is_stdin = strcmp(chosen->replay, "-") == 0;
	FILE *file = is_stdin ? stdin : fopen(chosen->replay, "re");
	enum exit_status status = STATUS_FAILED;
	char name[PATH_MAX + sizeof("''")] = "standard input";

	if (!file) {
		status = status_of_errno(errno);
		log_error("cannot open recording '%s': %s", chosen->replay, strerror(errno));
		cgroup_names_free(replayer.cgroups);
		return status;
	}
	if (!is_stdin)
		snprintf(name, sizeof(name), "'%s'", chosen->replay);
	replayer.flush_after = is_regular(file) ? FLUSH_AFTER : 1;
	if (!replayer.cgroups) {
		log_error("cannot start: out of memory");
	} else if (printer_open(&replayer.printer, chosen, -1)) {
		status = recording_read(file, name, &reader);
		if (replayer.result == OUTPUT_WRITTEN)
			replayer.result = output_flush(replayer.printer.output);
		if (replayer.result == OUTPUT_FAILED)
			status = STATUS_FAILED;
	}
	printer_close(&replayer.printer);
	cgroup_names_free(replayer.cgroups);
	if (!is_stdin)
		fclose(file);
	return status;
}
