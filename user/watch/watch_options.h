/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of mptcp-watch. */
#ifndef WATCH_OPTIONS_H
#define WATCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/log.h"
#include "watcher.h"

struct watch_options {
	enum log_level level;
	bool json;
	bool wide;
	bool check;
	unsigned long duration; /* seconds; 0: no end */
	unsigned long count;	/* events; 0: no end */
	size_t buffer_size;	/* bytes */
	const char *record;	/* path, or NULL */
	const char *replay;
	struct watch_filter filter; /* without what is below */
	const char *cgroup;	    /* path, or NULL */
	const char *netns;	    /* path or name, or NULL */
};

/* Ends the process with status 2 when the command line is wrong. */
void watch_options_parse(struct watch_options *chosen, int argc, char **argv);

/* Find the cgroup and the network namespace that were named. Returns an exit status. */
enum exit_status watch_options_resolve(struct watch_options *chosen);

#endif /* WATCH_OPTIONS_H */
