// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <sys/utsname.h>

#include "event.h"
#include "common/requirements.h"
#include "common/log.h"
#include "check.h"
#include "watcher.h"

enum exit_status watch_require(void)
{
	static const enum requirement_id required[] = { REQUIREMENT_BTF, REQUIREMENT_MPTCP,
							REQUIREMENT_LOOP, REQUIREMENT_PERMISSION };

	return requirements_check("watch", required, sizeof(required) / sizeof(required[0]));
}

static int ignore_record(void *context, const struct watch_record *record)
{
	(void)context;
	(void)record;
	return 0;
}

/* The proof of the pudding: load and attach, then let go. */
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

enum exit_status watch_check(void)
{
	enum exit_status status = watch_require();
	const char *missing[WATCH_EVENTS];
	struct utsname kernel;
	uint32_t event;

	if (status)
		return status;
	watcher_find_missing(missing);
	uname(&kernel);
	printf("kernel %s\n", kernel.release);
	for (event = 1; event < WATCH_LOST; event++) {
		if (!missing[event])
			printf("  ok       %s\n", event_name(event));
		else
			printf("  absent   %s (this kernel has no %s)\n", event_name(event),
			       missing[event]);
	}
	status = try_to_watch();
	printf("this host %s watch MPTCP\n", status ? "cannot" : "can");
	return status;
}
