// SPDX-License-Identifier: GPL-2.0-or-later
/* The report for people. */
#include <stdlib.h>
#include <string.h>

#include "common/fixture.h"
#include "sample_audit.h"

/* Prints the report, sorted, and frees it. */
static void assert_text(struct audit_report *report, const char *wanted)
{
	char *text;

	audit_report_sort(report);
	text = sample_print(report, audit_report_text);
	assert_string_equal(text, wanted);
	free(text);
	audit_report_free(report);
}

static void test_empty(void **state)
{
	struct audit_report report = { .count = 0 };

	(void)state;
	assert_text(&report,
		    "0 programs used TCP: 0 safe, 0 safe with the bridge, 0 to keep on TCP\n");
}

static void test_safe(void **state)
{
	struct audit_report report = { .count = 0 };
	struct audit_program program = sample_program("app");

	(void)state;
	sample_add(&report, "app", &program);
	assert_text(&report,
		    "/usr/sbin/app (app), 1 process, cgroup /app.slice/app: safe\n"
		    "  nothing that MPTCP changes\n"
		    "\n"
		    "1 program used TCP: 1 safe, 0 safe with the bridge, 0 to keep on TCP\n");
}

/* What is behind the verdict comes first. */
static void test_findings(void **state)
{
	struct audit_report report = { .count = 0 };
	struct audit_program program = sample_program("app");

	(void)state;
	program.processes = 2;
	program.options[SOCKOPT_ROW_TCP_USER_TIMEOUT] = (struct audit_option){ .set = 2 };
	program.options[SOCKOPT_ROW_TCP_QUICKACK] = (struct audit_option){ .set = 1, .read = 3 };
	program.counts[AUDIT_IO_URING_SOCKETS] = 1;
	program.counts[AUDIT_OOB_SENT] = 5;
	sample_add(&report, "worker", &program);
	assert_text(&report,
		    "/usr/sbin/app (worker), 2 processes, cgroup /app.slice/app: keep on TCP\n"
		    "  MSG_OOB sent: 5 calls: MPTCP sends urgent data as ordinary data of the "
		    "stream\n"
		    "  TCP_QUICKACK set 1 time, read 3 times: remembered (a hint about when to "
		    "acknowledge)\n"
		    "  TCP_USER_TIMEOUT set 2 times: applied (ends each subflow that makes no "
		    "progress)\n"
		    "  sockets created by io_uring: 1 socket: they stay TCP\n"
		    "\n"
		    "1 program used TCP: 0 safe, 0 safe with the bridge, 1 to keep on TCP\n");
}

/* Names from outside: no path, a cut path, the root cgroup, bytes that a terminal would obey. */
static void test_names(void **state)
{
	struct audit_report report = { .count = 0 };
	struct audit_program program = sample_program("app");

	(void)state;
	sample_path(&program.exe, "");
	sample_path(&program.cgroup, "");
	sample_add(&report, "\033[2Jab\xff\n0123456789", &program);
	program = sample_program("app");
	sample_path(&program.exe, "/\xe2\x80\xae/a\nb");
	program.exe.truncated = 1;
	sample_add(&report, "app", &program);
	assert_text(&report,
		    "\\u001b[2Jab\xef\xbf\xbd\\n01234567, 1 process, cgroup /: safe\n"
		    "  nothing that MPTCP changes\n"
		    "\n"
		    ".../\\u202e/a\\nb (app), 1 process, cgroup /app.slice/app: safe\n"
		    "  nothing that MPTCP changes\n"
		    "\n"
		    "2 programs used TCP: 2 safe, 0 safe with the bridge, 0 to keep on TCP\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
