// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines for people: columns that do not move, one line each, nothing that a terminal obeys. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include "watch/event.h"
#include "common/fixture.h"
#include "common/sockopts.h"
#include "line_of.h"
#include "sample_record.h"

/* Where the columns begin. */
#define EVENT_COLUMN   17
#define TOKEN_COLUMN   34
#define OWNER_COLUMN   44
#define DETAILS_COLUMN 69

static const struct print_context context = { .wall_offset_ns = SAMPLE_WALL_OFFSET_NS };

#define SUBFLOW "id 1>2 10.0.0.1:40000 > 10.0.0.2:443"
#define PATHS	SUBFLOW " to id 4>5 [fd00::1]:40001 > [fd00::2]:443 backup"

static const char *const details[WATCH_EVENTS] = {
	[WATCH_CREATED] = "10.0.0.1:40000 > 10.0.0.2:443",
	[WATCH_ESTABLISHED] = "10.0.0.1:40000 > 10.0.0.2:443",
	[WATCH_CLOSED] = "10.0.0.1:40000 > 10.0.0.2:443, not resumed after failover, "
			 "fell back to TCP, after 1.500 s, sent 1000 bytes, received 2000 bytes, "
			 "reinjected 300 bytes, peak of 2 subflows",
	[WATCH_ANNOUNCED] = "id 2 10.0.0.2:443",
	[WATCH_REMOVED] = "id 2",
	[WATCH_SUB_ESTABLISHED] = SUBFLOW,
	[WATCH_SUB_CLOSED] = "reset: lack of resources (transient), closed by peer, "
			     "Connection reset by peer, " SUBFLOW,
	[WATCH_SUB_PRIORITY] = "normal priority, " SUBFLOW,
	[WATCH_LISTENER_CREATED] = "10.0.0.1:40000",
	[WATCH_LISTENER_CLOSED] =
		"10.0.0.1:40000, 3 connections on its port stay open: later joins are refused (add "
		"an endpoint with a port of its own: ip mptcp endpoint add ADDRESS port PORT "
		"signal)",
	[WATCH_UPGRADED] = "IPv4 socket",
	[WATCH_FALLBACK] = "wrong checksum, 10.0.0.1:40000 > 10.0.0.2:443",
	[WATCH_JOIN_FAILED] = "from peer: wrong HMAC, Permission denied, " SUBFLOW,
	[WATCH_STALE] = SUBFLOW,
	[WATCH_RECOVERED] = SUBFLOW,
	[WATCH_FAILOVER] = "no progress for 250.0 ms, link down, 65536 bytes outstanding, " PATHS,
	[WATCH_RESUMED] = "outage 1234.6 ms, reinjected 8192 bytes, link down, " PATHS,
	[WATCH_SOCKOPT_DENIED] = "setsockopt level 6 option 23, Operation not supported",
	[WATCH_LOST] = "7 created events: table full",
};

static int set_up(void **state)
{
	(void)state;
	setenv("TZ", "UTC-2", 1);
	tzset();
	return 0;
}

/* The line without its newline, which must be its end; all else must be printable ASCII. */
static const char *text(const struct watch_record *record)
{
	char *line = (char *)text_line_of(record, &context, &(struct text_style){ 0 });
	size_t length = strlen(line), i;

	assert_int_equal(line[length - 1], '\n');
	for (i = 0; i < length - 1; i++)
		assert_true(line[i] >= ' ' && line[i] <= '~');
	line[length - 1] = '\0';
	return line;
}

static void assert_column(const char *line, size_t column, const char *wanted)
{
	assert_true(strlen(line) >= column);
	assert_int_equal(line[column - 1], ' ');
	assert_memory_equal(line + column, wanted, strlen(wanted));
}

static void test_every_event(void **state)
{
	struct watch_record record;
	uint32_t event;

	(void)state;
	for (event = 1; event < WATCH_EVENTS; event++) {
		record = sample_record(event);
		assert_memory_equal(text(&record), "00:13:32.469135 ", 16);
		assert_column(text(&record), EVENT_COLUMN, event_name(event));
		assert_column(text(&record), TOKEN_COLUMN, "0234abcd ");
		assert_column(text(&record), OWNER_COLUMN, "app[4242] ");
		assert_int_equal(text(&record)[DETAILS_COLUMN - 1], ' ');
		assert_string_equal(text(&record) + DETAILS_COLUMN, details[event]);
	}
}

static void test_variants(void **state)
{
	struct watch_record record = sample_record(WATCH_CLOSED);

	(void)state;
	record.flags = 0;
	record.closed.bytes_received = record.closed.subflows_max = 1;
	assert_string_equal(text(&record) + DETAILS_COLUMN,
			    "10.0.0.1:40000 > 10.0.0.2:443, sent 1000 bytes, received 1 byte, "
			    "reinjected 300 bytes, peak of 1 subflow");
	record = sample_record(WATCH_LISTENER_CLOSED);
	record.connections = 1;
	assert_contains(text(&record), ", 1 connection on its port stays open: ");
	record.connections = 0;
	assert_string_equal(text(&record) + DETAILS_COLUMN, "10.0.0.1:40000");
	record = sample_record(WATCH_JOIN_FAILED);
	record.join_failed.theirs = record.join_failed.error = 0;
	assert_string_equal(text(&record) + DETAILS_COLUMN, "to peer: wrong HMAC, " SUBFLOW);
	record = sample_record(WATCH_SUB_PRIORITY);
	record.subflow.backup = 1;
	assert_string_equal(text(&record) + DETAILS_COLUMN, "backup priority, " SUBFLOW);
	record = sample_record(WATCH_LOST);
	record.lost.count = 1;
	assert_string_equal(text(&record) + DETAILS_COLUMN, "1 created event: table full");
	record.lost.reason = WATCH_LOST_PROBE_SKIPPED;
	assert_string_equal(text(&record) + DETAILS_COLUMN, "up to 1 created event: probe skipped");
	record = sample_record(WATCH_SUB_ESTABLISHED);
	record.flags = WATCH_INITIAL;
	assert_string_equal(text(&record) + DETAILS_COLUMN, SUBFLOW ", already open");
	record = sample_record(WATCH_SOCKOPT_DENIED);
	record.sockopt = (struct watch_sockopt){ .level = SOCKOPT_LEVEL_TCP,
						 .optname = sockopts[SOCKOPT_ROW_TCP_ULP].number,
						 .error = EOPNOTSUPP,
						 .read = 1 };
	assert_string_equal(text(&record) + DETAILS_COLUMN,
			    "getsockopt TCP_ULP, Operation not supported");
	record = sample_record(WATCH_UPGRADED);
	record.subflow.family = AF_INET6;
	assert_string_equal(text(&record) + DETAILS_COLUMN, "IPv6 socket");
}

/* What a record does not have leaves its column where it is. */
static void test_absent(void **state)
{
	struct watch_record record = sample_record(WATCH_LOST);

	(void)state;
	record.token = record.owner.pid = 0;
	assert_column(text(&record), TOKEN_COLUMN, "-  ");
	assert_column(text(&record), OWNER_COLUMN, "-  ");
	assert_column(text(&record), DETAILS_COLUMN, "7 created events");
}

static void assert_owner(const char *comm, uint32_t pid, const char *wanted)
{
	struct watch_record record = sample_record(WATCH_REMOVED);

	memset(record.owner.comm, 0, sizeof(record.owner.comm));
	memcpy(record.owner.comm, comm, strnlen(comm, sizeof(record.owner.comm)));
	record.owner.pid = pid;
	assert_column(text(&record), OWNER_COLUMN, wanted);
	assert_column(text(&record), DETAILS_COLUMN, "id 2");
}

static void test_owner(void **state)
{
	(void)state;
	assert_owner("", 1, "[1] ");
	assert_owner("fifteen-letters", 4194304, "fifteen-letters[4194304] ");
	assert_owner("say \"hi\"", 7, "say?\"hi\"[7] ");
	assert_owner("\033[31mred\n\r\t", 7, "?[31mred???[7] ");
	assert_owner("gr\xc3\xbc\xc3\x9f\x7f", 7, "gr?????[7] ");
}

/* More ends and owners than the caches have places: none may get another's text. */
static void test_many_ends_and_owners(void **state)
{
	struct watch_record record = sample_record(WATCH_CREATED);
	char wanted[160];
	int round, i;

	(void)state;
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 4096; i++) {
			record.owner.pid = (uint32_t)(1 + i % 1000);
			record.owner.comm[0] = (char)('a' + i % 26);
			record.subflow.saddr[1] = (uint8_t)(i % 100);
			record.subflow.sport = htons((uint16_t)(i / 2));
			snprintf(wanted, sizeof(wanted), "%cpp[%d] ", 'a' + i % 26, 1 + i % 1000);
			assert_column(text(&record), OWNER_COLUMN, wanted);
			snprintf(wanted, sizeof(wanted), "10.%d.0.1:%d > 10.0.0.2:443", i % 100,
				 i / 2);
			assert_string_equal(text(&record) + DETAILS_COLUMN, wanted);
		}
	}
}

/* On a terminal that wide; without the time, the name and the token. */
static const char *fitted(const struct watch_record *record, unsigned int width)
{
	const struct text_style terminal = { .width = width };
	char *line = (char *)text_line_of(record, &context, &terminal);

	line[strlen(line) - 1] = '\0';
	assert_true(strlen(line) <= width);
	return line + (width < 132 ? 34 : OWNER_COLUMN);
}

/* What does not fit is left out, the most important last. */
static void test_width(void **state)
{
	struct watch_record record = sample_record(WATCH_RESUMED);

	(void)state;
	assert_string_equal(
		fitted(&record, 250),
		"app[4242]                outage 1234.6 ms, reinjected 8192 bytes, link "
		"down, " PATHS);
	assert_string_equal(fitted(&record, 132),
			    "app[4242]                outage 1234.6 ms, 1>2 to 4>5, link down, "
			    "reinjected 8192 bytes");
	assert_string_equal(fitted(&record, 131), "app[4242] outage 1234.6 ms, 1>2 to 4>5, link "
						  "down, reinjected 8192 bytes");
	/* A part that ends where the dots would be needs none. */
	assert_string_equal(fitted(&record, 80), "app[4242] outage 1234.6 ms, 1>2 to 4>5, lin...");
	assert_string_equal(fitted(&record, 74), "app[4242] outage 1234.6 ms, 1>2 to 4>5");
	assert_string_equal(fitted(&record, 71), "app[4242] outage 1234.6 ms, 1>2 to...");
	assert_string_equal(fitted(&record, 67), "app[4242] outage 1234.6 ms, 1>...");
	assert_string_equal(fitted(&record, 62), "app[4242] outage 1234.6 ms");
	record = sample_record(WATCH_FAILOVER);
	assert_string_equal(fitted(&record, 80), "app[4242] no progress for 250.0 ms, 1>2 to 4>5");
	record = sample_record(WATCH_CLOSED);
	assert_string_equal(fitted(&record, 80), "app[4242] sent 1000 B, received 2000 B, rei...");
	record = sample_record(WATCH_SUB_CLOSED);
	assert_string_equal(fitted(&record, 80), "app[4242] reset: lack of resources (transient)");
	record = sample_record(WATCH_JOIN_FAILED);
	assert_string_equal(fitted(&record, 80), "app[4242] from peer: wrong HMAC, > 10.0.0.2...");
	record = sample_record(WATCH_CREATED);
	assert_string_equal(fitted(&record, 80), "app[4242] 10.0.0.1:40000 > 10.0.0.2:443");
	inet_pton(AF_INET6, "2001:db8:1111:2222:3333:4444:5555:6666", record.subflow.saddr);
	inet_pton(AF_INET6, "2001:db8::1", record.subflow.daddr);
	record.subflow.family = AF_INET6;
	assert_string_equal(fitted(&record, 80), "app[4242] > [2001:db8::1]:443");
	assert_string_equal(fitted(&record, 58), "app[4242] > [2001:db8...");
}

/* Every line fits, whatever it has, down to where its columns alone do not. */
static void test_every_width(void **state)
{
	struct watch_record record;
	unsigned int width;
	uint32_t event;

	(void)state;
	for (event = 1; event < WATCH_EVENTS; event++) {
		record = sample_record(event);
		memcpy(record.owner.comm, "fifteen-letters", sizeof(record.owner.comm));
		record.owner.pid = 4194304;
		for (width = 70; width < 300; width++)
			fitted(&record, width);
	}
}

static void test_colour(void **state)
{
	const struct text_style coloured = { .colour = true };
	struct watch_record record = sample_record(WATCH_FAILOVER);

	(void)state;
	assert_contains(text_line_of(&record, &context, &coloured),
			"\033[31mfailover\033[0m         0234abcd  app[4242] ");
	record.type = WATCH_RESUMED;
	assert_contains(text_line_of(&record, &context, &coloured), "\033[32mresumed\033[0m ");
	record.type = WATCH_CREATED;
	assert_contains(text_line_of(&record, &context, &coloured), "\033[36mcreated\033[0m ");
	record.type = WATCH_REMOVED;
	assert_null(strchr(text_line_of(&record, &context, &coloured), '\033'));
}

/* Colours take no columns. */
static void test_colour_and_width(void **state)
{
	const struct text_style terminal = { .colour = true, .width = 80 };
	struct watch_record record = sample_record(WATCH_FAILOVER);
	const char *line = text_line_of(&record, &context, &terminal);

	(void)state;
	assert_int_equal(strlen(line), 80 + strlen("\033[31m\033[0m\n"));
	assert_contains(line, "app[4242] no progress for 250.0 ms, 1>2 to 4>5\n");
}

#define test_of(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_every_event),
		test_of(test_variants),
		test_of(test_absent),
		test_of(test_owner),
		test_of(test_many_ends_and_owners),
		test_of(test_colour),
		test_of(test_colour_and_width),
		test_of(test_width),
		test_of(test_every_width),
	};

	return cmocka_run_group_tests_name("event_text", tests, NULL, NULL);
}
