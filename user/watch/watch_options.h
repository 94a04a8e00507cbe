/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command lines of mptcp-watch. */
#ifndef WATCH_OPTIONS_H
#define WATCH_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/exit_status.h"
#include "common/unit_name.h"
#include "watcher.h"

struct watch_options {
	bool json;
	bool wide;
	unsigned long duration; /* seconds; 0: no end */
	unsigned long count;	/* events; 0: no end */
	size_t buffer_size;	/* bytes */
	const char *record;	/* path, or NULL */
	const char *replay;	/* path, or "-" */
	struct watch_filter
		filter; /* watch_options_resolve() adds the cgroup and the network namespace */
	char unit[UNIT_NAME_SIZE]; /* or empty */
	char unit_cgroup[PATH_MAX];
	const char *cgroup; /* path, or NULL; for a unit, set by watch_options_resolve() */
	const char *netns;  /* path or name, or NULL */
};

/* For mptcp-watch without a command, record, and replay. An invalid command line ends the process. */
void watch_options_parse(struct watch_options *chosen, int argc, char **argv);
void record_options_parse(struct watch_options *chosen, int argc, char **argv);
void replay_options_parse(struct watch_options *chosen, int argc, char **argv);

/* Find the cgroup and the network namespace of the filter. Returns an exit status. */
enum exit_status watch_options_resolve(struct watch_options *chosen);

/* Whether the cgroup of the filter exists and can be followed: then id is that which it has now. */
bool watch_options_refresh(const struct watch_options *chosen, uint64_t *id);

#endif /* WATCH_OPTIONS_H */
