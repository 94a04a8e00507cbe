// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recording of one record of each event, without a kernel; with --variants also one of each variant
 * of a line: every word, no owner, IPv6, names with odd bytes, another day; with --connections one of each
 * event for each of COUNT connections, one after the other.
 *
 *	make_recording [--variants | --connections COUNT] FILE
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "watch/recording.h"
#include "watch/sample_record.h"

#define DAY_NS INT64_C(86400000000000)

/* Reasons for resetting a subflow that RFC 8684 has, and one that it does not have. */
#define RESET_REASONS 8

static void add_cgroup(struct recording *recording)
{
	recording_add_cgroup(recording, sample_record(WATCH_CREATED).owner.cgroup, "/app.slice");
}

/* What differs between connections: when, the token, the process, and the client's port. */
static void set_connection(struct watch_record *record, uint32_t number)
{
	record->mono_ns += UINT64_C(1000000) * number + UINT64_C(1000) * record->type;
	record->token += number * 2654435761U;
	record->owner.pid += number % 1000;
	record->subflow.sport = htons((uint16_t)(32768 + number % 28232));
}

static void add_each_event(struct recording *recording, uint32_t connection)
{
	struct watch_record record;
	uint32_t event;

	for (event = 1; event < WATCH_EVENTS; event++) {
		record = sample_record(event);
		if (connection)
			set_connection(&record, connection);
		recording_add(recording, &record);
	}
}

static void add_connections(struct recording *recording, uint32_t count)
{
	uint32_t number;

	for (number = 1; number <= count; number++)
		add_each_event(recording, number);
}

/* The event with each number of what is printed as words; *word is a part of *record. */
static void add_words(struct recording *recording, struct watch_record *record, __u32 *word,
		      __u32 count)
{
	for (*word = 0; *word < count; (*word)++)
		recording_add(recording, record);
}

static void add_all_words(struct recording *recording)
{
	struct watch_record record = sample_record(WATCH_FALLBACK);
	uint32_t event;

	add_words(recording, &record, &record.fallback, WATCH_FALLBACK_REASONS);
	record = sample_record(WATCH_JOIN_FAILED);
	add_words(recording, &record, &record.join_failed.reason, WATCH_JOIN_REASONS);
	record.join_failed = (struct watch_join_failed){ .theirs = 0 };
	add_words(recording, &record, &record.join_failed.reason, WATCH_JOIN_REASONS);
	for (event = WATCH_FAILOVER; event <= WATCH_RESUMED; event++) {
		record = sample_record(event);
		add_words(recording, &record, &record.failover.cause, WATCH_CAUSES);
	}
	record = sample_record(WATCH_SUB_CLOSED);
	add_words(recording, &record, &record.sub_closed.reset_reason, RESET_REASONS);
	record.flags = 0;
	record.sub_closed = (struct watch_sub_closed){ .error = 0 };
	add_words(recording, &record, &record.sub_closed.closed_by, WATCH_BY_TIMEOUT + 1);
	record = sample_record(WATCH_LOST);
	add_words(recording, &record, &record.lost.reason, WATCH_LOST_REASONS);
	record = sample_record(WATCH_LISTENER_CLOSED);
	add_words(recording, &record, &record.connections, 3);
	record = sample_record(WATCH_CLOSED);
	record.flags = 0;
	add_words(recording, &record, &record.closed.subflows_max, 3);
}

/* What is reported of connections that are open already. */
static bool can_be_initial(uint32_t event)
{
	return event == WATCH_ESTABLISHED || event == WATCH_SUB_ESTABLISHED ||
	       event == WATCH_FALLBACK;
}

/* Each event of a server's connection by IPv6 whose owner is not known. */
static void add_unowned(struct recording *recording)
{
	const struct watch_subflow by_ipv6 = sample_record(WATCH_FAILOVER).failover.to;
	struct watch_record record;
	uint32_t event;

	for (event = 1; event < WATCH_EVENTS; event++) {
		record = sample_record(event);
		record.owner = (struct watch_owner){ .pid = 0 };
		record.flags |= WATCH_SERVER_SIDE;
		if (can_be_initial(event))
			record.flags |= WATCH_INITIAL;
		record.subflow = by_ipv6;
		recording_add(recording, &record);
	}
}

/* Names with bytes that are not to be printed as they are; then a cgroup whose path is not known. */
static void add_hostile_names(struct recording *recording)
{
	struct watch_record record = sample_record(WATCH_CREATED);

	record.owner.cgroup++;
	recording_add_cgroup(recording, record.owner.cgroup, "/a \"b\"\n\033[31m\xc3\xa9\xff");
	memcpy(record.owner.comm, "\xc3\xa9 \n\033[31m\xff\"\\", 12);
	recording_add(recording, &record);
	record.owner.cgroup++;
	recording_add(recording, &record);
}

/* A join to no connection, and, after the clock was set, one on another day. */
static void add_without_token(struct recording *recording)
{
	struct watch_record record = sample_record(WATCH_JOIN_FAILED);

	record.token = 0;
	recording_add(recording, &record);
	recording_add_clock(recording, SAMPLE_WALL_OFFSET_NS + DAY_NS);
	recording_add(recording, &record);
}

static int usage(void)
{
	fprintf(stderr, "usage: make_recording [--variants | --connections COUNT] FILE\n");
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	bool variants = argc == 3 && strcmp(argv[1], "--variants") == 0;
	bool connections = argc == 4 && strcmp(argv[1], "--connections") == 0;
	struct recording *recording = NULL;

	if (argc != 2 && !variants && !connections)
		return usage();
	if (recording_open(&recording, argv[argc - 1], -1) ||
	    recording_start(recording, SAMPLE_WALL_OFFSET_NS))
		return STATUS_FAILED;
	add_cgroup(recording);
	if (connections)
		add_connections(recording, (uint32_t)strtoul(argv[2], NULL, 10));
	else
		add_each_event(recording, 0);
	if (variants) {
		add_all_words(recording);
		add_unowned(recording);
		add_hostile_names(recording);
		add_without_token(recording);
	}
	return recording_close(recording);
}
