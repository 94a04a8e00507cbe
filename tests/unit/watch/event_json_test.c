// SPDX-License-Identifier: GPL-2.0-or-later
/* --json: the keys and values of every event, and a line of JSON whatever a record has. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "watch/event.h"
#include "common/fixture.h"
#include "common/sockopts.h"
#include "line_of.h"
#include "sample_record.h"
#include "strict_json.h"

static const struct print_context context = {
	.wall_offset_ns = SAMPLE_WALL_OFFSET_NS,
	.cgroup = "/app.slice",
};

#define COMMON                                                                                     \
	",\"netns\":4026531840,\"token\":\"0234abcd\",\"pid\":4242,\"uid\":1000,\"comm\":\"app\"," \
	"\"cgroup\":\"/app.slice\""
#define ADDRESSES "\"saddr\":\"10.0.0.1\",\"sport\":40000,\"daddr\":\"10.0.0.2\",\"dport\":443"
#define SUBFLOW	  "\"loc_id\":1,\"rem_id\":2," ADDRESSES ",\"backup\":false,\"if_idx\":3"
#define PATHS                                                                                      \
	"\"from\":{" SUBFLOW "},\"to\":{\"loc_id\":4,\"rem_id\":5,\"saddr\":\"fd00::1\","          \
	"\"sport\":40001,\"daddr\":\"fd00::2\",\"dport\":443,\"backup\":true}"

/* What each has after what all have. */
static const char *const details[WATCH_EVENTS] = {
	[WATCH_CREATED] = ADDRESSES ",\"server_side\":false",
	[WATCH_ESTABLISHED] = ADDRESSES ",\"server_side\":false",
	[WATCH_CLOSED] = ADDRESSES ",\"server_side\":false,\"duration_ns\":1500000000,"
				   "\"bytes_sent\":1000,\"bytes_received\":2000,"
				   "\"bytes_retrans\":300,\"subflows_max\":2,\"fallback\":true,"
				   "\"failover_pending\":true",
	[WATCH_ANNOUNCED] = "\"rem_id\":2,\"daddr\":\"10.0.0.2\",\"dport\":443",
	[WATCH_REMOVED] = "\"rem_id\":2",
	[WATCH_SUB_ESTABLISHED] = SUBFLOW,
	[WATCH_SUB_CLOSED] = SUBFLOW ",\"closed_by\":\"peer\",\"error\":104,"
				     "\"reset_reason\":\"lack_of_resources\",\"reset_flags\":1",
	[WATCH_SUB_PRIORITY] = SUBFLOW,
	[WATCH_LISTENER_CREATED] = "\"saddr\":\"10.0.0.1\",\"sport\":40000",
	[WATCH_LISTENER_CLOSED] = "\"saddr\":\"10.0.0.1\",\"sport\":40000,\"connections\":3,"
				  "\"joins_refused\":true",
	[WATCH_UPGRADED] = "\"family\":\"inet\"",
	[WATCH_FALLBACK] = ADDRESSES ",\"server_side\":false,\"reason\":\"checksum\"",
	[WATCH_JOIN_FAILED] = SUBFLOW ",\"join\":\"peer\",\"reason\":\"hmac\",\"error\":13",
	[WATCH_STALE] = SUBFLOW,
	[WATCH_RECOVERED] = SUBFLOW,
	[WATCH_FAILOVER] = PATHS ",\"cause\":\"link\",\"outstanding\":65536,"
				 "\"last_progress_ns\":250000000,\"noticed_ns\":1000",
	[WATCH_RESUMED] = PATHS ",\"cause\":\"link\",\"outstanding\":65536,"
				"\"outage_ns\":1234567890,\"reinjected\":8192",
	[WATCH_SOCKOPT_DENIED] = "\"call\":\"setsockopt\",\"level\":6,\"optname\":23,\"error\":95",
	[WATCH_LOST] = "\"lost_event\":\"created\",\"count\":7,\"reason\":\"table_full\"",
};

static const char *json(const struct watch_record *record)
{
	return json_line_of(record, &context);
}

static void test_every_event(void **state)
{
	struct watch_record record;
	char wanted[1024];
	uint32_t event;

	(void)state;
	for (event = 1; event < WATCH_EVENTS; event++) {
		record = sample_record(event);
		snprintf(wanted, sizeof(wanted),
			 "{\"time\":\"2023-11-14T22:13:32.469135690Z\",\"mono_ns\":12345678901,"
			 "\"event\":\"%s\"" COMMON ",%s}\n",
			 event_name(event), details[event]);
		assert_string_equal(json(&record), wanted);
	}
}

/* An attribute is absent when its value is unknown. */
static void test_absent(void **state)
{
	struct watch_record record = { .type = WATCH_SUB_CLOSED, .size = sizeof(record) };

	(void)state;
	assert_string_equal(json(&record),
			    "{\"time\":\"2023-11-14T22:13:20.123456789Z\",\"mono_ns\":0,"
			    "\"event\":\"sub_closed\",\"loc_id\":0,\"rem_id\":0,\"backup\":false,"
			    "\"closed_by\":\"local\"}\n");
	record = sample_record(WATCH_CLOSED);
	record.flags = 0;
	assert_null(strstr(json(&record), "duration_ns"));
	record = sample_record(WATCH_CREATED);
	assert_null(strstr(json_line_of(&record, &(struct print_context){ 0 }), "cgroup"));
}

static void test_flags(void **state)
{
	struct watch_record record = sample_record(WATCH_ESTABLISHED);

	(void)state;
	record.flags = WATCH_SERVER_SIDE | WATCH_INITIAL;
	assert_contains(json(&record), ",\"server_side\":true,\"initial\":true}");
	record = sample_record(WATCH_LISTENER_CLOSED);
	record.connections = 0;
	assert_contains(json(&record), ",\"connections\":0,\"joins_refused\":false}");
	record = sample_record(WATCH_JOIN_FAILED);
	record.join_failed.theirs = 0;
	assert_contains(json(&record), "\"join\":\"local\"");
	record = sample_record(WATCH_UPGRADED);
	record.subflow.family = AF_INET6;
	assert_contains(json(&record), "\"family\":\"inet6\"");
	record = sample_record(WATCH_SOCKOPT_DENIED);
	record.sockopt.level = -1;
	assert_contains(json(&record), "\"level\":-1,");
	record.sockopt.level = SOCKOPT_LEVEL_TCP;
	record.sockopt.optname = sockopts[SOCKOPT_ROW_TCP_ULP].number;
	record.sockopt.read = 1;
	assert_contains(json(&record), "\"call\":\"getsockopt\",\"level\":6,\"optname\":31,"
				       "\"option\":\"TCP_ULP\",\"error\":95");
	record = sample_record(WATCH_LOST);
	record.lost.event = WATCH_EVENTS;
	assert_contains(json(&record), "\"lost_event\":\"unknown\"");
}

static void test_addresses(void **state)
{
	struct watch_record record = sample_record(WATCH_CREATED);
	struct watch_subflow *subflow = &record.subflow;

	(void)state;
	subflow->family = AF_INET6;
	subflow->sport = htons(65535);
	inet_pton(AF_INET6, "2001:db8::ff", subflow->saddr);
	inet_pton(AF_INET6, "::ffff:10.1.2.3", subflow->daddr);
	assert_contains(json(&record), "\"saddr\":\"2001:db8::ff\",\"sport\":65535,"
				       "\"daddr\":\"::ffff:10.1.2.3\",\"dport\":443");
	subflow->family = 0;
	assert_null(strstr(json(&record), "addr"));
	assert_null(strstr(json(&record), "port"));
}

static void test_numbers(void **state)
{
	struct watch_record record = sample_record(WATCH_CLOSED);

	(void)state;
	record.token = 0xf;
	record.closed.bytes_sent = UINT64_MAX;
	record.owner.uid = UINT32_MAX;
	assert_contains(json(&record), "\"token\":\"0000000f\"");
	assert_contains(json(&record), "\"bytes_sent\":18446744073709551615,");
	assert_contains(json(&record), "\"uid\":4294967295,");
}

static void assert_time(uint64_t mono_ns, int64_t wall_offset_ns, const char *wanted)
{
	const struct print_context clock = { .wall_offset_ns = wall_offset_ns };
	struct watch_record record = sample_record(WATCH_CREATED);

	record.mono_ns = mono_ns;
	assert_contains(json_line_of(&record, &clock), wanted);
}

static void test_time(void **state)
{
	(void)state;
	assert_time(0, 0, "{\"time\":\"1970-01-01T00:00:00.000000000Z\",\"mono_ns\":0,");
	assert_time(1, 999999999, "{\"time\":\"1970-01-01T00:00:01.000000000Z\"");
	/* A clock that was set back: to the time of boot and to before it. */
	assert_time(UINT64_C(86400000000007), 0, "{\"time\":\"1970-01-02T00:00:00.000000007Z\"");
	assert_time(UINT64_C(86400000000007), -7, "{\"time\":\"1970-01-02T00:00:00.000000000Z\"");
	assert_time(0, INT64_MAX, "{\"time\":\"2262-04-11T23:47:16.854775807Z\"");
	assert_time(UINT64_MAX, 0, "{\"time\":\"2554-07-21T23:34:33.709551615Z\"");
}

/* The value of one key, parsed: the test fails unless the line is strict JSON, in UTF-8. */
static const char *parsed(const struct watch_record *record, const char *cgroup, const char *key)
{
	const struct print_context where = { .cgroup = cgroup };
	const char *line = json_line_of(record, &where);
	struct json_object *object, *value;
	static char text[65536];

	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	object = strict_json(line, strlen(line));
	assert_non_null(object);
	assert_true(json_object_object_get_ex(object, key, &value));
	snprintf(text, sizeof(text), "%s", json_object_get_string(value));
	json_object_put(object);
	return text;
}

/* What judges the lines does reject what is not strict JSON, or not UTF-8. */
static void test_strict(void **state)
{
	const char *good[] = { "{\"a\": \"\xc3\xa4\xf0\x9f\x98\x80\"}", "{\"a\": 1}" };
	const char *bad[] = {
		"{\"a\": \"\xc3\"}", "{\"a\": \"\xff\"}", "{\"a\": 'b'}",
		"{\"a\": 1,}",	     "{\"a\": 1",	  "{\"a\": 1}}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct json_object *object = strict_json(good[i], strlen(good[i]) + 1);

		assert_non_null(object);
		json_object_put(object);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_null(strict_json(bad[i], strlen(bad[i]) + 1));
}

static void assert_comm(const char *comm, const char *wanted)
{
	struct watch_record record = sample_record(WATCH_CREATED);

	memset(record.owner.comm, 0, sizeof(record.owner.comm));
	memcpy(record.owner.comm, comm, strnlen(comm, sizeof(record.owner.comm)));
	assert_string_equal(parsed(&record, NULL, "comm"), wanted);
}

static void test_comm(void **state)
{
	(void)state;
	assert_comm("say \"hi\"", "say \"hi\"");
	assert_comm("a\nb\tc\\d/e", "a\nb\tc\\d/e");
	assert_comm("\x01\x1f\x7f", "\x01\x1f\x7f");
	assert_comm("gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f");
	assert_comm("\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd");
	/* A character that the kernel has cut, and a name without room for its NUL. */
	assert_comm("fifteen-bytes-\xc3", "fifteen-bytes-\xef\xbf\xbd");
	assert_comm("sixteen-letters!", "sixteen-letters!");
	assert_comm("", "");
}

/* What a terminal may obey goes out as an escape, and means the same. */
static void test_controls(void **state)
{
	struct watch_record record = sample_record(WATCH_CREATED);

	(void)state;
	memcpy(record.owner.comm,
	       "\x7f\xc2\x9b"
	       "31m\xe2\x80\xae",
	       sizeof("\x7f\xc2\x9b"
		      "31m\xe2\x80\xae"));
	assert_contains(json(&record), "\"comm\":\"\\u007f\\u009b31m\\u202e\",");
	assert_string_equal(parsed(&record, "/\xc2\x85", "comm"), "\x7f\xc2\x9b"
								  "31m\xe2\x80\xae");
	assert_string_equal(parsed(&record, "/\xc2\x85", "cgroup"), "/\xc2\x85");
}

static void test_cgroup(void **state)
{
	const struct watch_record record = sample_record(WATCH_CREATED);
	char longest[PATH_MAX + 1] = "", *wanted = test_malloc(PATH_MAX * 3 + 1);
	size_t i;

	(void)state;
	assert_string_equal(parsed(&record, "/a\"b\\c\n\xff", "cgroup"), "/a\"b\\c\n\xef\xbf\xbd");
	memset(longest, 0xff, PATH_MAX);
	for (i = 0; i < PATH_MAX; i++)
		strcpy(wanted + 3 * i, "\xef\xbf\xbd");
	assert_string_equal(parsed(&record, longest, "cgroup"), wanted);
	test_free(wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event), cmocka_unit_test(test_absent),
		cmocka_unit_test(test_flags),	    cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_numbers),	    cmocka_unit_test(test_time),
		cmocka_unit_test(test_strict),	    cmocka_unit_test(test_comm),
		cmocka_unit_test(test_cgroup),	    cmocka_unit_test(test_controls),
	};

	return cmocka_run_group_tests_name("event_json", tests, NULL, NULL);
}
