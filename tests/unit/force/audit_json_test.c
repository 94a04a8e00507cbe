// SPDX-License-Identifier: GPL-2.0-or-later
/* The report as JSON: strict, and with these keys. */
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "common/fixture.h"
#include "sample_audit.h"
#include "watch/strict_json.h"

/* Prints the report and frees it. Returns the text, which must be one line of strict JSON. */
static char *json_of(struct audit_report *report)
{
	struct json_object *parsed;
	char *text;

	audit_report_sort(report);
	text = sample_print(report, audit_report_json);
	parsed = strict_json(text, strlen(text) - 1);
	assert_non_null(parsed);
	json_object_put(parsed);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	audit_report_free(report);
	return text;
}

static struct audit_report empty_report(const char *scope)
{
	return (struct audit_report){ .kernel = "6.12", .scope = strdup(scope), .duration_ns = 9 };
}

static void test_empty(void **state)
{
	struct audit_report report = empty_report("cgroup '/sys/fs/cgroup/a\"\xff'");
	char *text;

	(void)state;
	report.dropped[AUDIT_DROP_USER] = 1;
	report.dropped[AUDIT_DROP_FULL] = 2;
	report.missed = 3;
	text = json_of(&report);
	assert_string_equal(
		text,
		"{\"kernel\":\"6.12\",\"scope\":\"cgroup '/sys/fs/cgroup/a\\\"\xef\xbf\xbd'\","
		"\"duration_ns\":9,\"programs\":[],\"summary\":{\"programs\":0,\"safe\":0,"
		"\"safe_with_bridge\":0,\"keep_on_tcp\":0},\"not_recorded\":{\"user_limit\":1,"
		"\"table_full\":2,\"skipped\":3}}\n");
	free(text);
}

static void test_programs(void **state)
{
	struct audit_report report = empty_report("all tasks");
	struct audit_program program = sample_program("app");
	char *text;

	(void)state;
	sample_add(&report, "app", &program);
	program = sample_program("b");
	sample_path(&program.exe, "");
	sample_path(&program.cgroup, "");
	program.options[SOCKOPT_ROW_TCP_SYNCNT].set = 2;
	program.counts[AUDIT_KTLS] = 1;
	program.counts[AUDIT_OOB_SENT] = 4;
	sample_add(&report, "\xff", &program);
	text = json_of(&report);
	assert_contains(text, "{\"exe\":\"/usr/sbin/app\",\"comm\":\"app\",\"cgroup\":\"/app.slice/"
			      "app\",\"uid\":1000,\"processes\":1,\"tcp_sockets\":3,\"verdict\":"
			      "\"safe\",\"findings\":[]}");
	assert_contains(text, "{\"exe\":null,\"comm\":\"\xef\xbf\xbd\",\"cgroup\":\"/\",");
	assert_contains(text, "\"verdict\":\"keep_on_tcp\",\"findings\":[{\"name\":\"TCP_SYNCNT\","
			      "\"kind\":\"option\",\"level\":6,\"optname\":7,\"class\":\"applied\","
			      "\"set\":2,\"read\":0,\"verdict\":\"safe_with_bridge\",\"reason\":");
	assert_contains(text, "{\"name\":\"oob_sent\",\"kind\":\"call\",\"count\":4,\"verdict\":"
			      "\"keep_on_tcp\",\"reason\":");
	assert_contains(text, "{\"name\":\"ktls\",\"kind\":\"socket\",\"count\":1,");
	assert_contains(text, "\"summary\":{\"programs\":2,\"safe\":1,\"safe_with_bridge\":0,"
			      "\"keep_on_tcp\":1}");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
