// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "common/command.h"
#include "common/log.h"
#include "common/nearest.h"
#include "common/parse.h"
#include "common/unit.h"
#include "common/usage.h"
#include "event.h"
#include "netns.h"
#include "strbuf.h"
#include "watch_options.h"

#define DEFAULT_BUFFER_KIB 1024UL
#define MAX_BUFFER_KIB	   (1024UL * 1024)
#define MAX_CONNECTIONS	   (16UL * 1024 * 1024)

#define ALL_EVENTS (~0U)

enum {
	OPTION_CGROUP = 0x100,
	OPTION_UNIT,
	OPTION_COMM,
	OPTION_PORT,
	OPTION_NETNS,
	OPTION_EVENTS,
	OPTION_DURATION,
	OPTION_COUNT,
	OPTION_NO_INITIAL,
	OPTION_BUFFER,
	OPTION_CONNECTIONS,
	OPTION_WIDE,
};

static const struct argp_option filters[] = {
	{ "cgroup", OPTION_CGROUP, "PATH", 0,
	  "Connections of processes in this cgroup (v2) and its descendants", 0 },
	{ "unit", OPTION_UNIT, "NAME", 0,
	  "Connections of processes of this systemd unit, also before it starts", 0 },
	{ "comm", OPTION_COMM, "NAME", 0,
	  "Connections of processes with this name (at most 15 bytes)", 0 },
	{ "port", OPTION_PORT, "N", 0, "Connections from or to this port", 0 },
	{ "netns", OPTION_NETNS, "PATH|NAME", 0, "Connections in this network namespace", 0 },
	{ 0 },
};

static const struct argp_option output_options[] = {
	{ "events", OPTION_EVENTS, "LIST", 0, "Report only these events, such as failover,resumed",
	  0 },
	{ "count", OPTION_COUNT, "N", 0, "Stop after N events", 0 },
	{ "json", 'j', NULL, 0, "Print one JSON object per line", 0 },
	{ "wide", OPTION_WIDE, NULL, 0, "Do not shorten text lines to the width of the terminal",
	  0 },
	{ 0 },
};

static const struct argp_option capture_options[] = {
	{ "duration", OPTION_DURATION, "TIME", 0,
	  "Stop after this time, in seconds or with a unit (s, m, h, d), such as 5m", 0 },
	{ "no-initial", OPTION_NO_INITIAL, NULL, 0, "Do not list connections that are already open",
	  0 },
	{ "buffer", OPTION_BUFFER, "KIB", 0,
	  "Size of the event buffer in KiB, a power of two (default: 1024)", 0 },
	{ "connections", OPTION_CONNECTIONS, "N", 0,
	  "Track at most N connections at a time (default: 131072)", 0 },
	{ 0 },
};

static void refuse_event(const char *name, size_t length)
{
	const char *names[WATCH_EVENTS] = { NULL }, *nearest;
	struct strbuf list = { 0 };
	uint32_t event;

	if (!length)
		usage_error("empty name in --events (expected a list such as failover,resumed)");
	for (event = 1; event < WATCH_EVENTS; event++) {
		names[event - 1] = event_name(event);
		strbuf_add(&list, event > 1 ? ", " : "");
		strbuf_add(&list, event_name(event));
	}
	nearest = nearest_word(name, length, names);
	if (nearest)
		usage_error("unknown event '%.*s' (did you mean '%s'? The events are %.*s)",
			    (int)length, name, nearest, (int)list.length, list.bytes);
	usage_error("unknown event '%.*s' (the events are %.*s)", (int)length, name,
		    (int)list.length, list.bytes);
}

/* Adds to the events that were named before. */
static void parse_events(const char *list, uint32_t *events)
{
	const char *end;
	uint32_t event;
	size_t length;

	/* What was lost is always reported. */
	if (*events == ALL_EVENTS)
		*events = 1U << WATCH_LOST;
	for (; list; list = end ? end + 1 : NULL) {
		end = strchr(list, ',');
		length = end ? (size_t)(end - list) : strlen(list);
		event = event_by_name(list, length);
		if (!event)
			refuse_event(list, length);
		*events |= 1U << event;
	}
}

/* Filters restrict each other: what a second one of a kind means, nobody would guess right. */
static void refuse_second(const char *option, bool given)
{
	if (given)
		usage_error("%s can be given only once (start another mptcp-watch for the second "
			    "value)",
			    option);
}

static error_t parse_filter(int key, char *arg, struct argp_state *state)
{
	struct watch_options *chosen = state->input;

	switch (key) {
	case OPTION_CGROUP:
		refuse_second("--cgroup", chosen->cgroup);
		chosen->cgroup = arg;
		return 0;
	case OPTION_UNIT:
		refuse_second("--unit", chosen->unit[0]);
		unit_name_parse(arg, chosen->unit);
		return 0;
	case OPTION_COMM:
		refuse_second("--comm", chosen->filter.comm[0]);
		parse_comm("--comm", arg, chosen->filter.comm, sizeof(chosen->filter.comm));
		return 0;
	case OPTION_PORT:
		refuse_second("--port", chosen->filter.port);
		chosen->filter.port = (uint16_t)parse_number("--port", arg, 1, UINT16_MAX);
		return 0;
	case OPTION_NETNS:
		refuse_second("--netns", chosen->netns);
		chosen->netns = arg;
		return 0;
	case ARGP_KEY_END:
		if (chosen->cgroup && chosen->unit[0])
			usage_error("--cgroup and --unit cannot be used together");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_output(int key, char *arg, struct argp_state *state)
{
	struct watch_options *chosen = state->input;

	switch (key) {
	case 'j':
		chosen->json = true;
		return 0;
	case OPTION_WIDE:
		chosen->wide = true;
		return 0;
	case OPTION_EVENTS:
		parse_events(arg, &chosen->filter.events);
		return 0;
	case OPTION_COUNT:
		chosen->count = parse_number("--count", arg, 1, UINT32_MAX);
		return 0;
	case ARGP_KEY_END:
		if (chosen->json && chosen->wide)
			usage_error("--json and --wide cannot be used together");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static size_t parse_buffer(const char *text)
{
	unsigned long page_kib = (unsigned long)sysconf(_SC_PAGESIZE) / 1024;
	unsigned long kib;

	if (!read_number(text, page_kib, MAX_BUFFER_KIB, &kib) || kib & (kib - 1))
		usage_error("invalid --buffer '%s': expected a power of two from %lu to %lu, in "
			    "KiB",
			    text, page_kib, MAX_BUFFER_KIB);
	return kib * 1024;
}

static error_t parse_capture(int key, char *arg, struct argp_state *state)
{
	struct watch_options *chosen = state->input;

	switch (key) {
	case OPTION_DURATION:
		chosen->duration = parse_duration("--duration", arg);
		return 0;
	case OPTION_NO_INITIAL:
		chosen->filter.initial = false;
		return 0;
	case OPTION_BUFFER:
		chosen->buffer_size = parse_buffer(arg);
		return 0;
	case OPTION_CONNECTIONS:
		chosen->filter.connections = (uint32_t)parse_number("--connections", arg, 1,
								    MAX_CONNECTIONS);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp filter_argp = { .options = filters, .parser = parse_filter };
static const struct argp output_argp = { .options = output_options, .parser = parse_output };
static const struct argp capture_argp = { .options = capture_options, .parser = parse_capture };

static const struct argp_child watch_children[] = {
	{ &filter_argp, 0, "Filters (connections must match all):", 1 },
	{ &output_argp, 0, "Output:", 2 },
	{ &capture_argp, 0, "Capture:", 3 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp_child replay_children[] = {
	{ &output_argp, 0, "Output:", 1 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

/* All children have the same input. */
static error_t parse_watch(int key, char *arg, struct argp_state *state)
{
	size_t i;

	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	for (i = 0; state->root_argp->children[i].argp; i++)
		state->child_inputs[i] = state->input;
	return 0;
}

/* The same, and the argument FILE. */
static error_t parse_file(int key, char *arg, struct argp_state *state)
{
	struct watch_options *chosen = state->input;
	const char **file = state->root_argp->children == replay_children ? &chosen->replay
									  : &chosen->record;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*file)
			return ARGP_ERR_UNKNOWN;
		*file = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error("no FILE given");
	default:
		return parse_watch(key, arg, state);
	}
}

static const struct argp watch_argp = {
	.parser = parse_watch,
	.children = watch_children,
	.doc = "Report Multipath TCP connections, subflows, fallbacks and failovers as they happen, "
	       "one line per event."
	       "\v" EXIT_STATUSES,
};

static const struct argp record_argp = {
	.parser = parse_file,
	.children = watch_children,
	.doc = "Print events, and record them to FILE. 'mptcp-watch replay FILE' prints a recording."
	       "\v" EXIT_STATUSES,
};

static const struct argp replay_argp = {
	.parser = parse_file,
	.children = replay_children,
	.doc = "Print the events of the recording FILE, or of the one on standard input if FILE is '-'. "
	       "This requires no privileges, and works on any host with the same byte order."
	       "\v" EXIT_STATUSES,
};

static void parse(const struct argp *argp, struct watch_options *chosen, int argc, char **argv)
{
	*chosen = (struct watch_options){
		.buffer_size = DEFAULT_BUFFER_KIB * 1024,
		.filter = { .events = ALL_EVENTS, .initial = true },
	};
	command_parse(argp, 0, argc, argv, chosen);
}

void watch_options_parse(struct watch_options *chosen, int argc, char **argv)
{
	parse(&watch_argp, chosen, argc, argv);
}

void record_options_parse(struct watch_options *chosen, int argc, char **argv)
{
	parse(&record_argp, chosen, argc, argv);
	if (strcmp(chosen->record, "-") == 0)
		usage_error("cannot record to standard output: events are printed there (give the "
			    "name of a file)");
}

void replay_options_parse(struct watch_options *chosen, int argc, char **argv)
{
	parse(&replay_argp, chosen, argc, argv);
}

static enum exit_status resolve_cgroup(const char *path, struct watch_filter *filter)
{
	static const struct cgroup_remedies remedies = {
		.if_missing = "create it first",
		.if_root = "omit it to watch all processes",
	};

	return cgroup_resolve(path, &remedies, &filter->cgroup, filter->cgroup_path,
			      sizeof(filter->cgroup_path));
}

/* Its cgroup need not exist yet, if it can be followed. */
static enum exit_status resolve_unit(struct watch_options *chosen)
{
	struct watch_filter *filter = &chosen->filter;
	enum exit_status status = unit_find_cgroup(chosen->unit, chosen->unit_cgroup,
						   sizeof(chosen->unit_cgroup));

	if (status)
		return status;
	chosen->cgroup = chosen->unit_cgroup;
	if (cgroup_resolve_missing(chosen->cgroup, filter->cgroup_path,
				   sizeof(filter->cgroup_path)))
		return resolve_cgroup(chosen->cgroup, filter);
	log_notice("cgroup '%s' does not exist yet; it is watched from its creation on",
		   chosen->cgroup);
	return STATUS_OK;
}

enum exit_status watch_options_resolve(struct watch_options *chosen)
{
	enum exit_status status = STATUS_OK;

	if (chosen->unit[0])
		status = resolve_unit(chosen);
	else if (chosen->cgroup)
		status = resolve_cgroup(chosen->cgroup, &chosen->filter);
	if (!status && chosen->netns)
		status = netns_read_inode(chosen->netns, &chosen->filter.netns);
	return status;
}

bool watch_options_refresh(const struct watch_options *chosen, uint64_t *id)
{
	struct watch_filter filter;

	if (!chosen->filter.cgroup_path[0] || access(chosen->cgroup, F_OK) ||
	    resolve_cgroup(chosen->cgroup, &filter))
		return false;
	*id = filter.cgroup;
	return true;
}
