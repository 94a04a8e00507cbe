// SPDX-License-Identifier: GPL-2.0-or-later
/* What is told, and to whom, on the way to enforcement; the enforcer is a stand-in. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "force/enforcement.h"
#include "common/fixture.h"
#include "common/log.h"

/* The enforcer, of which only the address matters, and what it is to say. */
static struct enforcer {
	enum exit_status open_status, activate_status;
	struct enforcer_running running;
	int count_error, notify_error, leave_error;
	bool active, closed, notified;
} enforcer;

enum exit_status enforcer_open(struct enforcer **result, const struct scope *scope)
{
	(void)scope;
	*result = &enforcer;
	return enforcer.open_status;
}

int enforcer_count_running(struct enforcer *counted, struct enforcer_running *running)
{
	assert_false(counted->active);
	*running = counted->running;
	return counted->count_error;
}

enum exit_status enforcer_activate(struct enforcer *activated)
{
	activated->active = !activated->activate_status;
	return activated->activate_status;
}

int enforcer_leave(struct enforcer *left)
{
	left->active = false;
	return left->leave_error;
}

void enforcer_print_summary(const struct enforcer *summed_up)
{
	assert_false(summed_up->active);
	assert_false(summed_up->closed);
	log_notice("upgraded: 1");
}

void enforcer_close(struct enforcer *closed)
{
	closed->closed = true;
}

int __wrap_notify_ready(void);

int __wrap_notify_ready(void)
{
	assert_true(enforcer.active);
	enforcer.notified = true;
	return enforcer.notify_error;
}

/* Start with every task in scope; what that tells must be told, to the letter. */
static void assert_start(enum exit_status wanted, const char *told)
{
	const struct scope scope = { .all = true };
	struct enforcer *started = NULL;
	enum exit_status status;
	const char *text;

	capture_start();
	status = enforcement_start(&started, &scope);
	text = capture_end();
	assert_string_equal(text, told);
	assert_int_equal(status, wanted);
	assert_ptr_equal(started, wanted ? NULL : &enforcer);
}

static int set_up(void **state)
{
	(void)state;
	program_invocation_short_name = "program";
	memset(&enforcer, 0, sizeof(enforcer));
	return 0;
}

static void test_start(void **state)
{
	(void)state;
	assert_start(STATUS_OK, "enforcing MPTCP for every task\n");
	assert_true(enforcer.notified);
	assert_false(enforcer.closed);
}

static void test_running(void **state)
{
	(void)state;
	enforcer.running = (struct enforcer_running){ .tasks = 1, .processes = 1 };
	assert_start(STATUS_OK, "already running in scope: 1 task of 1 process; sockets they hold "
				"stay as they are\nenforcing MPTCP for every task\n");
	set_up(state);
	enforcer.running = (struct enforcer_running){ .tasks = 5, .processes = 2 };
	assert_start(STATUS_OK, "already running in scope: 5 tasks of 2 processes; sockets they "
				"hold stay as they are\nenforcing MPTCP for every task\n");
}

static void test_not_counted(void **state)
{
	(void)state;
	enforcer.running.tasks = 5;
	enforcer.count_error = -ENOMEM;
	assert_start(STATUS_OK, "program: warning: cannot count the running tasks in scope: "
				"Cannot allocate memory\nenforcing MPTCP for every task\n");
}

static void test_not_opened(void **state)
{
	(void)state;
	enforcer.open_status = STATUS_UNSUPPORTED;
	assert_start(STATUS_UNSUPPORTED, "");
	assert_false(enforcer.notified);
}

static void test_not_attached(void **state)
{
	(void)state;
	enforcer.running.tasks = 5;
	enforcer.activate_status = STATUS_NOT_PERMITTED;
	assert_start(STATUS_NOT_PERMITTED, "");
	assert_false(enforcer.notified);
	assert_true(enforcer.closed);
}

static void test_not_notified(void **state)
{
	(void)state;
	enforcer.notify_error = -ECONNREFUSED;
	setenv("NOTIFY_SOCKET", "/run/notify", 1);
	assert_start(STATUS_OK, "enforcing MPTCP for every task\n"
				"program: warning: cannot notify '/run/notify': Connection "
				"refused\n");
	unsetenv("NOTIFY_SOCKET");
}

static void test_stop(void **state)
{
	(void)state;
	capture_start();
	enforcement_stop(&enforcer);
	assert_string_equal(capture_end(), "upgraded: 1\n");
	assert_true(enforcer.closed);
}

#define test_of(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_start),	  test_of(test_running),      test_of(test_not_counted),
		test_of(test_not_opened), test_of(test_not_attached), test_of(test_not_notified),
		test_of(test_stop),
	};

	return cmocka_run_group_tests_name("enforcement", tests, NULL, NULL);
}
