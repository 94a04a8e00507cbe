// SPDX-License-Identifier: GPL-2.0-or-later
#include "check.h"
#include "common/check_report.h"
#include "common/command.h"
#include "event.h"
#include "event_needs.h"
#include "watcher.h"

static const enum requirement_id requirements[] = { REQUIREMENT_BTF, REQUIREMENT_MPTCP,
						    REQUIREMENT_LOOP, REQUIREMENT_PERMISSION };

#define REQUIREMENTS_OF_WATCH (sizeof(requirements) / sizeof(requirements[0]))

enum exit_status watch_require(void)
{
	return requirements_check("watch", requirements, REQUIREMENTS_OF_WATCH);
}

static int ignore_record(void *context, const struct watch_record *record)
{
	(void)context;
	(void)record;
	return 0;
}

/* The proof: load and attach, then detach. */
static enum exit_status try_to_watch(void)
{
	const struct watch_filter everything = { .events = ~0U };
	struct watcher *watcher = NULL;
	enum exit_status status;

	status = watcher_open(&watcher, &everything, 4096, ignore_record, NULL);
	if (!status)
		watcher_close(watcher);
	return status;
}

static void report_events(struct check_report *report)
{
	const char *missing[WATCH_EVENTS];
	uint32_t event;

	event_needs_find_missing(missing);
	for (event = 1; event < WATCH_LOST; event++)
		check_report_event(report, event_name(event), missing[event]);
}

int check_main(int argc, char **argv)
{
	struct check_report *report;
	enum exit_status status;

	report = check_report_begin(
		"Report whether this host can watch Multipath TCP, which events its "
		"kernel supports, what is missing, and how to fix it."
		"\v" EXIT_STATUSES,
		argc, argv);
	if (!report)
		return STATUS_FAILED;
	status = check_report_requirements(report, requirements, REQUIREMENTS_OF_WATCH);
	if (!status)
		report_events(report);
	if (!status)
		status = try_to_watch();
	return check_report_end(report, "watch MPTCP", status);
}
