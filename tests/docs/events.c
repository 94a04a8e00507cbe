// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints every event that mptcp-watch has, from made-up records: 'events text' the examples of
 * docs/events.md as text, 'events json' the same as JSON, followed by one for each word that an
 * attribute can have; 'events attributes' the table of attributes, one line for each of an event.
 * tests/docs/events.t holds them and the page together.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "watch/attribute.h"
#include "watch/event.h"
#include "watch/event_format.h"

#define WALL_OFFSET_NS INT64_C(1795449984466173012)
#define CLIENT_NETNS   4026532248
#define SERVER_NETNS   4026532196
#define CLIENT_TOKEN   0xafb18d5b
#define SERVER_TOKEN   0x2bae597b
#define COUNT(array)   (sizeof(array) / sizeof((array)[0]))

/* By hand, since versions of clang-format differ in braces below #define. */
/* clang-format off */
/* IPv4 as the client has it: the lab's path over r1, and the one over r2. */
#define OVER_R1 { .family = AF_INET, .saddr = { 192, 168, 2, 221 }, .daddr = { 192, 168, 1, 2 } }
#define OVER_R2 { .family = AF_INET, .saddr = { 192, 168, 6, 221 }, .daddr = { 192, 168, 4, 2 }, \
		  .loc_id = 1, .rem_id = 1 }
/* The peer's second address. */
#define ANNOUNCED { .family = AF_INET, .daddr = { 192, 168, 4, 2 }, .rem_id = 1 }
/* The server's end of a join, and a listener at all addresses. */
#define JOIN_AT_SERVER { .family = AF_INET, .saddr = { 192, 168, 4, 2 }, .daddr = { 192, 168, 6, 221 }, \
			 .rem_id = 1 }
#define EVERYWHERE { .family = AF_INET6 }
/* clang-format on */

/* Ports, owner, token and network namespace follow from the side; see complete(). */
static const struct watch_record examples[] = {
	{ .type = WATCH_CREATED, .mono_ns = 17322050034, .subflow = OVER_R1 },
	{ .type = WATCH_ESTABLISHED, .mono_ns = 17346321671, .subflow = OVER_R1 },
	{ .type = WATCH_ESTABLISHED,
	  .mono_ns = 17010020077,
	  .subflow = OVER_R1,
	  .flags = WATCH_INITIAL },
	{ .type = WATCH_CLOSED,
	  .mono_ns = 27227319030,
	  .subflow = OVER_R1,
	  .flags = WATCH_HAS_DURATION,
	  .closed = { .duration_ns = 9905710823,
		      .bytes_sent = 192512,
		      .bytes_received = 192512,
		      .bytes_retrans = 1024,
		      .subflows_max = 2 } },
	{ .type = WATCH_ANNOUNCED, .mono_ns = 17346562520, .subflow = ANNOUNCED },
	{ .type = WATCH_REMOVED, .mono_ns = 21230188410, .subflow = { .rem_id = 1 } },
	{ .type = WATCH_SUB_ESTABLISHED, .mono_ns = 17363340791, .subflow = OVER_R2 },
	{ .type = WATCH_SUB_ESTABLISHED,
	  .mono_ns = 17010033412,
	  .subflow = OVER_R2,
	  .flags = WATCH_INITIAL },
	{ .type = WATCH_SUB_CLOSED,
	  .mono_ns = 23110297655,
	  .subflow = OVER_R2,
	  .flags = WATCH_RESET_SEEN,
	  .sub_closed = { .closed_by = WATCH_BY_PEER, .error = 104, .reset_reason = 3 } },
	{ .type = WATCH_SUB_PRIORITY, .mono_ns = 19880451207, .subflow = OVER_R2 },
	{ .type = WATCH_LISTENER_CREATED,
	  .mono_ns = 15079401891,
	  .subflow = EVERYWHERE,
	  .flags = WATCH_SERVER_SIDE },
	{ .type = WATCH_LISTENER_CLOSED,
	  .mono_ns = 17401337900,
	  .subflow = EVERYWHERE,
	  .flags = WATCH_SERVER_SIDE,
	  .connections = 1 },
	{ .type = WATCH_UPGRADED, .mono_ns = 17280586080, .subflow = { .family = AF_INET } },
	{ .type = WATCH_FALLBACK,
	  .mono_ns = 17322050034,
	  .subflow = OVER_R1,
	  .fallback = WATCH_FALLBACK_NO_MP_CAPABLE },
	{ .type = WATCH_FALLBACK,
	  .mono_ns = 17010041893,
	  .subflow = OVER_R1,
	  .flags = WATCH_INITIAL },
	{ .type = WATCH_JOIN_FAILED,
	  .mono_ns = 17374416871,
	  .subflow = JOIN_AT_SERVER,
	  .flags = WATCH_SERVER_SIDE,
	  .join_failed = { .reason = WATCH_JOIN_NO_LISTENER, .theirs = 1 } },
	{ .type = WATCH_JOIN_FAILED,
	  .mono_ns = 17384468046,
	  .subflow = OVER_R2,
	  .join_failed = { .reason = WATCH_JOIN_REFUSED, .error = 111 } },
	{ .type = WATCH_STALE, .mono_ns = 22411865391, .subflow = OVER_R1 },
	{ .type = WATCH_RECOVERED, .mono_ns = 31003774218, .subflow = OVER_R1 },
	{ .type = WATCH_FAILOVER,
	  .mono_ns = 20891650039,
	  .subflow = OVER_R1,
	  .failover = { .to = OVER_R2,
			.cause = WATCH_CAUSE_LOSS,
			.outstanding = 1024,
			.last_progress_ns = 207311039,
			.noticed_ns = 2040207 } },
	{ .type = WATCH_RESUMED,
	  .mono_ns = 20893143733,
	  .subflow = OVER_R1,
	  .failover = { .to = OVER_R2,
			.cause = WATCH_CAUSE_LOSS,
			.outstanding = 1024,
			.outage_ns = 208804733,
			.reinjected = 1024 } },
	{ .type = WATCH_SOCKOPT_DENIED,
	  .mono_ns = 17281903551,
	  .sockopt = { .level = 6, .optname = 18, .error = 92 } },
	{ .type = WATCH_LOST,
	  .mono_ns = 30114400128,
	  .lost = { .event = WATCH_SUB_ESTABLISHED, .count = 17 } },
};

static void complete_subflow(struct watch_subflow *subflow, bool server)
{
	bool over_r2 = subflow->loc_id || subflow->rem_id;

	subflow->sport = htons(server ? 5003 : over_r2 ? 60529 : 44380);
	subflow->dport = htons(server ? 60529 : 5003);
	if (!over_r2 && !server)
		subflow->if_idx = 2;
}

/* What bpf/ fills in the same way for every event, or for all but a few. */
static struct watch_record complete(const struct watch_record *example)
{
	struct watch_record record = *example;
	bool server = record.flags & WATCH_SERVER_SIDE;

	record.size = sizeof(record);
	if (record.type == WATCH_LOST)
		return record;
	record.netns = server ? SERVER_NETNS : CLIENT_NETNS;
	if (record.type != WATCH_UPGRADED && record.type != WATCH_LISTENER_CREATED &&
	    record.type != WATCH_LISTENER_CLOSED)
		record.token = server ? SERVER_TOKEN : CLIENT_TOKEN;
	record.owner.pid = server ? 292 : 301;
	strcpy(record.owner.comm, "traffic");
	if (record.subflow.family)
		complete_subflow(&record.subflow, server);
	if (record.type == WATCH_FAILOVER || record.type == WATCH_RESUMED)
		complete_subflow(&record.failover.to, server);
	return record;
}

static void print(const struct watch_record *record, bool json)
{
	const struct print_context context = {
		.wall_offset_ns = WALL_OFFSET_NS,
		.cgroup = record->owner.pid == 292 ? "/mptcp-force-run-289"
						   : "/mptcp-force-run-298",
	};

	struct strbuf line = { 0 };

	if (json)
		event_json(&line, record, &context);
	else
		event_text(&line, record, &context, &(struct text_style){ 0 });
	fwrite(line.bytes, line.length, 1, stdout);
	strbuf_free(&line);
}

/* An event with the number at *word being 0, 1 ... count - 1: each is a word in JSON. */
static void print_words(struct watch_record *record, __u32 *word, __u32 count)
{
	for (*word = 0; *word < count; (*word)++)
		print(record, true);
	*word = 0;
}

static void print_all_words(void)
{
	struct watch_record example = { .subflow = OVER_R2 }, record;

	example.type = WATCH_FALLBACK;
	record = complete(&example);
	print_words(&record, &record.fallback, WATCH_FALLBACK_REASONS);
	example.type = WATCH_JOIN_FAILED;
	record = complete(&example);
	print_words(&record, &record.join_failed.reason, WATCH_JOIN_REASONS);
	example.type = WATCH_FAILOVER;
	record = complete(&example);
	print_words(&record, &record.failover.cause, WATCH_CAUSES);
	example.type = WATCH_SUB_CLOSED;
	record = complete(&example);
	print_words(&record, &record.sub_closed.closed_by, WATCH_BY_TIMEOUT + 1);
	record.flags = WATCH_RESET_SEEN;
	print_words(&record, &record.sub_closed.reset_reason, 8);
	example.type = WATCH_LOST;
	record = complete(&example);
	print_words(&record, &record.lost.reason, WATCH_LOST_REASONS);
	example.type = WATCH_SOCKOPT_DENIED;
	record = complete(&example);
	print_words(&record, &record.sockopt.read, 2);
	example.type = WATCH_UPGRADED;
	example.subflow.family = AF_INET6;
	record = complete(&example);
	print(&record, true);
	/* Subflows of the server, and those over r1, know their interface. */
	example.type = WATCH_SUB_ESTABLISHED;
	example.subflow = examples[0].subflow;
	for (; example.type <= WATCH_SUB_PRIORITY; example.type++) {
		record = complete(&example);
		print(&record, true);
	}
	example.type = WATCH_JOIN_FAILED;
	record = complete(&example);
	print(&record, true);
}

static void print_names(const char *event, const uint8_t *attributes)
{
	const char *name;
	size_t length;

	for (; *attributes != ATTRIBUTE_END; attributes++) {
		name = attribute_name(*attributes, &length);
		printf("%s %.*s\n", event, (int)length, name);
	}
}

/* Those of the subflows in from and to have no lines of their own. */
static void print_attributes(void)
{
	uint32_t event;

	for (event = 1; event < WATCH_EVENTS; event++) {
		print_names(event_name(event), common_attributes);
		print_names(event_name(event), owner_attributes);
		print_names(event_name(event), event_attributes(event));
	}
}

static void print_examples(bool json)
{
	struct watch_record record;
	size_t i;

	for (i = 0; i < COUNT(examples); i++) {
		record = complete(&examples[i]);
		print(&record, json);
	}
	if (json)
		print_all_words();
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";

	setenv("TZ", "UTC0", 1);
	if (strcmp(what, "attributes") == 0) {
		print_attributes();
	} else if (strcmp(what, "json") == 0 || strcmp(what, "text") == 0) {
		print_examples(*what == 'j');
	} else {
		fprintf(stderr, "usage: events text|json|attributes\n");
		return 2;
	}
	return 0;
}
