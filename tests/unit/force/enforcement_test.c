// SPDX-License-Identifier: GPL-2.0-or-later
/* The messages on the way to enforcement, and where they go; the enforcer is replaced. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "force/enforcement.h"
#include "common/fixture.h"
#include "common/log.h"

/* The enforcer, of which only the address matters, and what it is to say. */
static struct enforcer {
	enum exit_status follow_status, enter_status, activate_status, count_status;
	struct enforcer_counts counts;
	struct enforcer_running running;
	int count_error, notify_error, leave_error;
	enum force_target target;
	bool followed, entered, attached, active, notified, landlock_unknown;
} enforcer;

enum exit_status enforcer_follow(struct enforcer *entered, const struct scope *scope)
{
	(void)scope;
	assert_false(entered->entered);
	entered->followed = true;
	return entered->follow_status;
}

enum exit_status enforcer_enter(struct enforcer *entered, const struct scope *scope)
{
	assert_true(scope->all);
	assert_true(entered->followed);
	entered->entered = !entered->enter_status;
	return entered->enter_status;
}

bool enforcer_landlock_unknown(const struct enforcer *asked)
{
	assert_false(asked->followed);
	return asked->landlock_unknown;
}

int enforcer_count_running(struct enforcer *counted, struct enforcer_running *running)
{
	assert_true(counted->entered);
	assert_false(counted->active);
	*running = counted->running;
	return counted->count_error;
}

void enforcer_attach_to_cgroups(struct enforcer *attached, const struct scope *scope)
{
	assert_true(scope->all);
	assert_true(attached->entered);
	assert_false(attached->active);
	attached->attached = true;
}

void enforcer_log_opted_out(const struct enforcer *counted)
{
	assert_false(counted->active);
}

enum exit_status enforcer_set_options(struct enforcer *changed, unsigned int options)
{
	assert_false(changed->active);
	assert_int_equal(options, 0);
	return STATUS_OK;
}

enum exit_status enforcer_activate(struct enforcer *activated, enum force_target target)
{
	activated->target = target;
	activated->active = !activated->activate_status;
	return activated->activate_status;
}

int enforcer_leave(struct enforcer *left)
{
	left->active = false;
	return left->leave_error;
}

enum exit_status enforcer_read_counts(const struct enforcer *counted,
				      struct enforcer_counts *counts)
{
	assert_false(counted->active);
	*counts = counted->counts;
	return counted->count_status;
}

/* What is enforced: MPTCP, unless a test says otherwise. */
static struct policy policy;

int __wrap_notify_ready(void);

int __wrap_notify_ready(void)
{
	assert_true(enforcer.active);
	enforcer.notified = true;
	return enforcer.notify_error;
}

/* Start with every task in scope, which must print exactly this. */
static void assert_start(enum exit_status wanted, const char *printed)
{
	struct scope scope = { .all = true };
	enum exit_status status;
	const char *text;

	capture_start();
	status = enforcement_start(&enforcer, &scope, &policy);
	text = capture_end();
	assert_string_equal(text, printed);
	assert_int_equal(status, wanted);
}

static int set_up(void **state)
{
	(void)state;
	program_invocation_short_name = "program";
	memset(&enforcer, 0, sizeof(enforcer));
	memset(&policy, 0, sizeof(policy));
	return 0;
}

static void test_start(void **state)
{
	(void)state;
	assert_start(STATUS_OK, "enforcing MPTCP for all tasks\n");
	assert_true(enforcer.notified);
}

static void test_running(void **state)
{
	(void)state;
	enforcer.running = (struct enforcer_running){ .tasks = 1, .processes = 1 };
	assert_start(
		STATUS_OK,
		"already running in scope: 1 task in 1 process; their open sockets are not changed\nenforcing MPTCP for all tasks\n");
	set_up(state);
	enforcer.running = (struct enforcer_running){ .tasks = 5, .processes = 2 };
	assert_start(
		STATUS_OK,
		"already running in scope: 5 tasks in 2 processes; their open sockets are not changed\nenforcing MPTCP for all tasks\n");
}

static void test_not_counted(void **state)
{
	(void)state;
	enforcer.running.tasks = 5;
	enforcer.count_error = -ENOMEM;
	assert_start(STATUS_OK, "program: warning: cannot count the running tasks in scope: "
				"Cannot allocate memory\nenforcing MPTCP for all tasks\n");
}

static void test_not_entered(void **state)
{
	(void)state;
	enforcer.follow_status = STATUS_FAILED;
	assert_start(STATUS_FAILED, "");
	assert_false(enforcer.entered);
	set_up(state);
	enforcer.enter_status = STATUS_FAILED;
	assert_start(STATUS_FAILED, "");
	assert_false(enforcer.active || enforcer.notified);
}

static void test_not_attached(void **state)
{
	(void)state;
	enforcer.running.tasks = 5;
	enforcer.activate_status = STATUS_NOT_PERMITTED;
	assert_start(STATUS_NOT_PERMITTED, "");
	assert_false(enforcer.notified);
}

static void test_not_notified(void **state)
{
	(void)state;
	enforcer.notify_error = -ECONNREFUSED;
	setenv("NOTIFY_SOCKET", "/run/notify", 1);
	assert_start(
		STATUS_OK,
		"enforcing MPTCP for all tasks\n"
		"program: warning: cannot notify the service manager at '/run/notify': Connection "
		"refused\n");
	unsetenv("NOTIFY_SOCKET");
}

/* What ending it prints must be this, to the letter. */
static void assert_stop(const char *printed)
{
	enforcer.active = true;
	capture_start();
	enforcement_stop(&enforcer, &policy);
	assert_string_equal(capture_end(), printed);
}

static void test_stop(void **state)
{
	(void)state;
	enforcer.counts = (struct enforcer_counts){
		.sockets = { [FORCE_UPGRADED] = 7,
			     [FORCE_MPTCP_DISABLED] = 2,
			     [FORCE_LEFT_LANDLOCK] = 3,
			     [FORCE_LEFT_SOCK_CREATE] = 10,
			     [FORCE_LEFT_EXCLUDED] = 1,
			     [FORCE_CONNECTED_MPTCP] = 6,
			     [FORCE_CONNECTED_TCP] = 5,
			     [FORCE_IO_URING] = 4 },
		.io_uring_counted = true,
		.connections_counted = true,
	};
	assert_stop(
		"upgraded: 7, left as TCP: 16 (MPTCP disabled in the network namespace: 2, "
		"restricted by Landlock: 3, with sock_create programs: 10, excluded: 1, opted out: 0), "
		"connections over MPTCP: 6, fell back to TCP: 5, bypassed by io_uring: 4\n");
	enforcer.counts.io_uring_counted = false;
	enforcer.counts.connections_counted = false;
	enforcer.counts.sockets[FORCE_CONFINED] = 6;
	enforcer.counts.missed = 5;
	assert_stop(
		"bound to a device or an address: 6 of the upgraded sockets; they get no subflows elsewhere\n"
		"upgraded: 7, left as TCP: 16 (MPTCP disabled in the network namespace: 2, "
		"restricted by Landlock: 3, with sock_create programs: 10, excluded: 1, opted out: 0), "
		"connections over MPTCP: unknown, fell back to TCP: unknown, bypassed by io_uring: unknown\n"
		"program: warning: the kernel skipped the hook 5 times because of preemption; up "
		"to 5 sockets on this host, in scope or not, may have stayed TCP\n");
}

static void test_landlock_unknown(void **state)
{
	enforcer.landlock_unknown = true;
	assert_start(
		STATUS_UNSUPPORTED,
		"program: cannot enforce MPTCP: this kernel does not show which tasks Landlock "
		"restricts, and their sockets would evade the restrictions (use "
		"--landlock-unknown=allow to accept that)\n");
	assert_false(enforcer.followed || enforcer.active);
	policy.target = FORCE_TO_TCP;
	assert_start(STATUS_OK, "enforcing TCP for all tasks\n");
	set_up(state);
	enforcer.landlock_unknown = true;
	policy.landlock_unknown_allowed = true;
	assert_start(STATUS_OK, "enforcing MPTCP for all tasks\n");
}

static void test_to_tcp(void **state)
{
	(void)state;
	policy.target = FORCE_TO_TCP;
	assert_start(STATUS_OK, "enforcing TCP for all tasks\n");
	assert_int_equal(enforcer.target, FORCE_TO_TCP);
	enforcer.counts = (struct enforcer_counts){
		.sockets = { [FORCE_KEPT_ON_TCP] = 7,
			     [FORCE_LEFT_LANDLOCK] = 3,
			     [FORCE_LEFT_SOCK_CREATE] = 10,
			     [FORCE_LEFT_EXCLUDED] = 1,
			     [FORCE_IO_URING] = 4 },
		.io_uring_counted = true,
		.missed = 5,
	};
	assert_stop(
		"kept on TCP: 7, left as MPTCP: 1 (excluded: 1), bypassed by io_uring: 4\n"
		"program: warning: the kernel skipped the hook 5 times because of preemption; up "
		"to 5 sockets on this host, in scope or not, may have stayed MPTCP\n");
}

static void test_not_stopped(void **state)
{
	(void)state;
	enforcer.leave_error = -EIO;
	enforcer.count_status = STATUS_FAILED;
	assert_stop("program: warning: cannot end enforcement now: Input/output error (it "
		    "ends when this process exits)\n");
}

#define test_of(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_start),	    test_of(test_running),
		test_of(test_not_counted),  test_of(test_not_entered),
		test_of(test_not_attached), test_of(test_not_notified),
		test_of(test_stop),	    test_of(test_not_stopped),
		test_of(test_to_tcp),	    test_of(test_landlock_unknown),
	};

	return cmocka_run_group_tests_name("enforcement", tests, NULL, NULL);
}
