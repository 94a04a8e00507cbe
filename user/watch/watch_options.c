// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "event.h"
#include "common/help_options.h"
#include "nearest.h"
#include "netns.h"
#include "text.h"
#include "watch_options.h"

#define DEFAULT_BUFFER_KIB 1024UL
#define MAX_BUFFER_KIB	   (1024UL * 1024)
#define MAX_CONNECTIONS	   (16UL * 1024 * 1024)

#define ALL_EVENTS (~0U)

enum {
	OPTION_CGROUP = 0x100,
	OPTION_COMM,
	OPTION_PORT,
	OPTION_NETNS,
	OPTION_EVENTS,
	OPTION_DURATION,
	OPTION_COUNT,
	OPTION_RECORD,
	OPTION_REPLAY,
	OPTION_NO_INITIAL,
	OPTION_BUFFER,
	OPTION_CONNECTIONS,
	OPTION_CHECK,
	OPTION_WIDE,
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Only connections that all of these fit:", 1 },
	{ "cgroup", OPTION_CGROUP, "PATH", 0,
	  "Of processes in this cgroup (v2) and in those below it", 0 },
	{ "comm", OPTION_COMM, "NAME", 0, "Of processes with this name (at most 15 bytes)", 0 },
	{ "port", OPTION_PORT, "N", 0, "From or to this port", 0 },
	{ "netns", OPTION_NETNS, "PATH|NAME", 0, "In this network namespace", 0 },
	{ NULL, 0, NULL, 0, "What is told, and for how long:", 2 },
	{ "events", OPTION_EVENTS, "LIST", 0, "Only these events, such as failover,resumed", 0 },
	{ "no-initial", OPTION_NO_INITIAL, NULL, 0,
	  "Do not list the connections that are open already", 0 },
	{ "duration", OPTION_DURATION, "TIME", 0,
	  "Stop after this time: seconds, or with a unit, such as 5m (s, m, h, d)", 0 },
	{ "count", OPTION_COUNT, "N", 0, "End after so many events", 0 },
	{ NULL, 0, NULL, 0, "How:", 3 },
	{ "json", 'j', NULL, 0, "One JSON object a line", 0 },
	{ "wide", OPTION_WIDE, NULL, 0,
	  "Text: all there is to an event, also on a terminal where that does not fit", 0 },
	{ "record", OPTION_RECORD, "FILE", 0, "Also keep the events in a file", 0 },
	{ "replay", OPTION_REPLAY, "FILE", 0,
	  "Tell the events of such a file again; '-' is standard input", 0 },
	{ "buffer", OPTION_BUFFER, "KIB", 0,
	  "Room for events that are not read yet, a power of two (default 1024)", 0 },
	{ "connections", OPTION_CONNECTIONS, "N", 0,
	  "Room for connections to follow at a time (default 131072)", 0 },
	{ "check", OPTION_CHECK, NULL, 0, "Tell which events this kernel has", 0 },
	{ "quiet", 'q', NULL, 0, "Only errors on standard error", 0 },
	{ "verbose", 'v', NULL, 0, "Show what libbpf and the kernel say", 0 },
	{ 0 },
};

static unsigned long parse_number(struct argp_state *state, const char *option, const char *text,
				  unsigned long least, unsigned long most)
{
	unsigned long number;
	char *end;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || end == text || *end || text[0] == '-' || number < least || number > most)
		argp_error(state, "invalid %s '%s': wanted a number from %lu to %lu", option, text,
			   least, most);
	return number;
}

/* A whole number of seconds, or of a unit, as sleep(1) has them. */
static unsigned long parse_duration(struct argp_state *state, const char *text)
{
	static const struct {
		const char *name;
		unsigned long seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 } };
	unsigned long number;
	char *end;
	size_t i;

	errno = 0;
	number = strtoul(text, &end, 10);
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!errno && text[0] >= '0' && text[0] <= '9' && !strcmp(end, units[i].name) &&
		    number && number <= INT32_MAX / units[i].seconds)
			return number * units[i].seconds;
	}
	argp_error(state,
		   "invalid duration '%s': expected seconds, or a number with a unit (s, m, h, d), "
		   "such as 90, 5m or 12h; at most %d s",
		   text, INT32_MAX);
	return 0;
}

/* A typing error is one letter in three, at most. */
static const char *nearest_event(const char *name, size_t length)
{
	size_t distance, best = length / 3 + 1;
	const char *nearest = NULL;
	uint32_t event;

	for (event = 1; event < WATCH_EVENTS; event++) {
		distance = nearest_distance(name, length, event_name(event),
					    strlen(event_name(event)));
		if (distance < best) {
			best = distance;
			nearest = event_name(event);
		}
	}
	return nearest;
}

static void refuse_event(struct argp_state *state, const char *name, size_t length)
{
	const char *nearest = nearest_event(name, length);
	struct text names = { 0 };
	uint32_t event;

	for (event = 1; event < WATCH_EVENTS; event++) {
		text_add(&names, event > 1 ? ", " : "");
		text_add(&names, event_name(event));
	}
	argp_error(state, "unknown event '%.*s' (%s%s%sevents are: %.*s)", (int)length, name,
		   nearest ? "did you mean '" : "", nearest ? nearest : "", nearest ? "'? " : "",
		   (int)names.length, names.bytes);
	text_free(&names);
}

/* Adds to the events that were named before. */
static void parse_events(struct argp_state *state, const char *list, uint32_t *events)
{
	const char *end;
	uint32_t event;
	size_t length;

	/* What was lost is always told. */
	if (*events == ALL_EVENTS)
		*events = 1U << WATCH_LOST;
	for (; list; list = end ? end + 1 : NULL) {
		end = strchr(list, ',');
		length = end ? (size_t)(end - list) : strlen(list);
		event = event_by_name(list, length);
		if (!event) {
			refuse_event(state, list, length);
			return;
		}
		*events |= 1U << event;
	}
}

/* Filters restrict each other: what a second one of a kind means, nobody would guess right. */
static void refuse_second(struct argp_state *state, const char *option, bool given)
{
	if (given)
		argp_error(state, "--%s is given twice (watch each with an mptcp-watch of its own)",
			   option);
}

static void parse_comm(struct argp_state *state, const char *name, struct watch_filter *filter)
{
	size_t length = strlen(name);

	refuse_second(state, "comm", filter->comm[0]);
	if (!length || length >= sizeof(filter->comm)) {
		argp_error(state,
			   "invalid name '%s': the kernel keeps 1 to %zu bytes of a process' name",
			   name, sizeof(filter->comm) - 1);
		return;
	}
	memcpy(filter->comm, name, length);
}

static void parse_buffer(struct argp_state *state, const char *text, size_t *size)
{
	unsigned long page_kib = (unsigned long)sysconf(_SC_PAGESIZE) / 1024;
	unsigned long kib = parse_number(state, "buffer", text, page_kib, MAX_BUFFER_KIB);

	if (kib & (kib - 1))
		argp_error(state, "invalid buffer '%s': wanted a power of two", text);
	*size = kib * 1024;
}

static void check_combination(struct argp_state *state, const struct watch_options *chosen)
{
	if (chosen->check && (chosen->replay || chosen->record || chosen->json || chosen->wide))
		argp_error(state, "--check goes alone: it watches nothing");
	if (chosen->json && chosen->wide)
		argp_error(state, "--wide is for text: JSON has all there is to an event");
	if (!chosen->replay)
		return;
	if (chosen->record)
		argp_error(state, "--record and --replay exclude each other");
	if (chosen->cgroup || chosen->netns || chosen->filter.comm[0] || chosen->filter.port ||
	    chosen->duration || chosen->buffer_size || chosen->filter.connections ||
	    !chosen->filter.initial)
		argp_error(state,
			   "filters, --duration, --buffer, --connections and --no-initial are "
			   "for watching: a replay takes --events, --count, --json and --wide");
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct watch_options *chosen = state->input;

	switch (key) {
	case 'j':
		chosen->json = true;
		return 0;
	case 'q':
		chosen->level = LOG_ERRORS;
		return 0;
	case 'v':
		chosen->level = LOG_DEBUG;
		return 0;
	case OPTION_CGROUP:
		refuse_second(state, "cgroup", chosen->cgroup);
		chosen->cgroup = arg;
		return 0;
	case OPTION_COMM:
		parse_comm(state, arg, &chosen->filter);
		return 0;
	case OPTION_PORT:
		refuse_second(state, "port", chosen->filter.port);
		chosen->filter.port = (uint16_t)parse_number(state, "port", arg, 1, 65535);
		return 0;
	case OPTION_NETNS:
		refuse_second(state, "netns", chosen->netns);
		chosen->netns = arg;
		return 0;
	case OPTION_EVENTS:
		parse_events(state, arg, &chosen->filter.events);
		return 0;
	case OPTION_NO_INITIAL:
		chosen->filter.initial = false;
		return 0;
	case OPTION_DURATION:
		chosen->duration = parse_duration(state, arg);
		return 0;
	case OPTION_COUNT:
		chosen->count = parse_number(state, "count", arg, 1, UINT32_MAX);
		return 0;
	case OPTION_RECORD:
		chosen->record = arg;
		return 0;
	case OPTION_REPLAY:
		chosen->replay = arg;
		return 0;
	case OPTION_BUFFER:
		parse_buffer(state, arg, &chosen->buffer_size);
		return 0;
	case OPTION_WIDE:
		chosen->wide = true;
		return 0;
	case OPTION_CONNECTIONS:
		chosen->filter.connections = (uint32_t)parse_number(state, "connections", arg, 1,
								    MAX_CONNECTIONS);
		return 0;
	case OPTION_CHECK:
		chosen->check = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		check_combination(state, chosen);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &help_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp watch_argp = {
	.options = options,
	.parser = parse_option,
	.children = children,
	.doc = "Tell what Multipath TCP does: connections, subflows and failovers, with the "
	       "program they belong to."
	       "\vExit status: 0 done, 1 failed, 2 usage, 3 this kernel cannot, 4 not permitted.",
};

void watch_options_parse(struct watch_options *chosen, int argc, char **argv)
{
	*chosen = (struct watch_options){
		.level = LOG_NOTICES,
		.filter = { .events = ALL_EVENTS, .initial = true },
	};
	argp_parse(&watch_argp, argc, argv, ARGP_NO_HELP, NULL, chosen);
	if (!chosen->buffer_size)
		chosen->buffer_size = DEFAULT_BUFFER_KIB * 1024;
}

static enum exit_status resolve_cgroup(struct watch_options *chosen)
{
	struct watch_filter *filter = &chosen->filter;
	enum exit_status status;
	int err;

	status = cgroup_read_id(chosen->cgroup, "leave --cgroup out", &filter->cgroup);
	if (status)
		return status;
	err = cgroup_kernel_path(chosen->cgroup, filter->cgroup_path, sizeof(filter->cgroup_path));
	if (err) {
		filter->cgroup_path[0] = '\0';
		log_warning("cannot follow cgroup '%s' if it is removed and made again: %s",
			    chosen->cgroup, strerror(-err));
	}
	return STATUS_OK;
}

enum exit_status watch_options_resolve(struct watch_options *chosen)
{
	enum exit_status status = STATUS_OK;

	if (chosen->cgroup)
		status = resolve_cgroup(chosen);
	if (!status && chosen->netns)
		status = netns_read_inode(chosen->netns, &chosen->filter.netns);
	return status;
}
