// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts on programs: what makes each, and the order in which programs are reported. */
#include <stdlib.h>
#include <string.h>

#include "common/fixture.h"
#include "sample_audit.h"

static enum audit_verdict verdict_on(const struct audit_program *program)
{
	struct audit_report report = { .count = 0 };
	enum audit_verdict verdict;

	sample_add(&report, "app", program);
	verdict = report.entries[0].verdict;
	audit_report_free(&report);
	return verdict;
}

static void test_nothing(void **state)
{
	struct audit_program program = sample_program("app");
	struct audit_finding findings[AUDIT_FINDINGS_MAX];

	(void)state;
	assert_int_equal(verdict_on(&program), AUDIT_SAFE);
	assert_int_equal(audit_findings(&program, findings), 0);
}

/* By the class of the table's row, for each row. */
static void test_options(void **state)
{
	struct audit_program program;
	enum audit_verdict wanted;
	size_t i;

	(void)state;
	for (i = 0; i < SOCKOPT_ROWS; i++) {
		program = sample_program("app");
		program.options[i].set = 1;
		wanted = sockopts[i].class == SOCKOPT_REFUSED ? AUDIT_KEEP_ON_TCP
							      : AUDIT_SAFE_WITH_BRIDGE;
		assert_int_equal(verdict_on(&program), wanted);
		program.options[i] = (struct audit_option){ .read = 1 };
		assert_int_equal(verdict_on(&program), wanted);
	}
}

static void test_hop_limit(void **state)
{
	struct audit_program program = sample_program("app");
	struct audit_finding findings[AUDIT_FINDINGS_MAX];

	(void)state;
	program.options[SOCKOPT_ROW_IP_TTL].set = 2;
	assert_int_equal(verdict_on(&program), AUDIT_SAFE_WITH_BRIDGE);
	program.options[SOCKOPT_ROW_IP_TTL].limits_reach = 1;
	assert_int_equal(verdict_on(&program), AUDIT_KEEP_ON_TCP);
	assert_int_equal(audit_findings(&program, findings), 1);
	assert_int_equal(findings[0].class, SOCKOPT_REFUSED);
}

static void test_counts(void **state)
{
	static const enum audit_verdict wanted[AUDIT_COUNTS] = {
		[AUDIT_OOB_SENT] = AUDIT_KEEP_ON_TCP, [AUDIT_OOB_RECEIVED] = AUDIT_KEEP_ON_TCP,
		[AUDIT_ZEROCOPY] = AUDIT_KEEP_ON_TCP, [AUDIT_KTLS] = AUDIT_KEEP_ON_TCP,
		[AUDIT_SOCKMAP] = AUDIT_KEEP_ON_TCP,  [AUDIT_COMPAT_CALLS] = AUDIT_KEEP_ON_TCP,
	};
	struct audit_finding findings[AUDIT_FINDINGS_MAX];
	struct audit_program program;
	size_t i;

	(void)state;
	for (i = 0; i < AUDIT_COUNTS; i++) {
		program = sample_program("app");
		program.counts[i] = 7;
		assert_int_equal(verdict_on(&program), wanted[i]);
		assert_int_equal(audit_findings(&program, findings), i != AUDIT_TCP_SOCKETS);
		assert_true(i == AUDIT_TCP_SOCKETS || findings[0].count == 7);
	}
}

/* Everything at once: the worst verdict counts, and all of it has a place. */
static void test_worst(void **state)
{
	struct audit_program program = sample_program("app");
	struct audit_finding findings[AUDIT_FINDINGS_MAX];

	(void)state;
	program.counts[AUDIT_IO_URING_SOCKETS] = 1;
	assert_int_equal(verdict_on(&program), AUDIT_SAFE);
	program.options[SOCKOPT_ROW_TCP_USER_TIMEOUT].set = 1;
	assert_int_equal(verdict_on(&program), AUDIT_SAFE_WITH_BRIDGE);
	memset(program.options, 1, sizeof(program.options));
	memset(program.counts, 1, sizeof(program.counts));
	program.counts[AUDIT_TCP_SOCKETS] *= 3;
	assert_int_equal(verdict_on(&program), AUDIT_KEEP_ON_TCP);
	assert_int_equal(audit_findings(&program, findings), SOCKOPT_ROWS + AUDIT_COUNTS - 1);
}

/* If all of its sockets stay TCP, nothing that it did with them matters. */
static void test_left_on_tcp(void **state)
{
	struct audit_program program = sample_program("app");
	struct audit_finding findings[AUDIT_FINDINGS_MAX];

	(void)state;
	program.options[SOCKOPT_ROW_TCP_ULP].set = 1;
	program.counts[AUDIT_LEFT_LANDLOCK] = program.counts[AUDIT_TCP_SOCKETS] - 1;
	assert_int_equal(verdict_on(&program), AUDIT_KEEP_ON_TCP);
	program.counts[AUDIT_LEFT_SOCK_CREATE] = 1;
	assert_int_equal(verdict_on(&program), AUDIT_SAFE);
	assert_int_equal(audit_findings(&program, findings), 3);
	assert_int_equal(findings[0].verdict, AUDIT_SAFE);
	assert_int_equal(findings[0].class, SOCKOPT_REFUSED);
}

static void test_order(void **state)
{
	static const char *const wanted[] = { "d", "c", "a", "aa", "b" };
	struct audit_report report = { .count = 0 };
	struct audit_program program;
	size_t i;

	(void)state;
	audit_report_sort(&report);
	for (i = 0; i < 5; i++) {
		const char *comm = &"b\0\0aa\0a\0\0c\0\0d\0"[3 * i];

		program = sample_program(comm);
		program.options[SOCKOPT_ROW_TCP_ULP].set = comm[0] == 'd';
		program.options[SOCKOPT_ROW_TCP_SYNCNT].set = comm[0] == 'c';
		sample_add(&report, comm, &program);
	}
	audit_report_sort(&report);
	for (i = 0; i < 5; i++)
		assert_string_equal(report.entries[i].key.comm, wanted[i]);
	assert_int_equal(audit_report_count(&report, AUDIT_SAFE), 3);
	assert_int_equal(audit_report_count(&report, AUDIT_KEEP_ON_TCP), 1);
	audit_report_free(&report);
}

static void test_paths(void **state)
{
	struct audit_path path;
	size_t length;

	(void)state;
	sample_path(&path, "/usr/bin/app");
	assert_memory_equal(audit_path(&path, &length), "/usr/bin/app", 12);
	assert_int_equal(length, 12);
	sample_path(&path, "");
	audit_path(&path, &length);
	assert_int_equal(length, 0);
	path.begin = UINT32_MAX; /* never: it would be read from outside */
	audit_path(&path, &length);
	assert_int_equal(length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),	  cmocka_unit_test(test_options),
		cmocka_unit_test(test_hop_limit), cmocka_unit_test(test_counts),
		cmocka_unit_test(test_worst),	  cmocka_unit_test(test_left_on_tcp),
		cmocka_unit_test(test_order),	  cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
