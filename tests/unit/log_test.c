// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes to standard error at which level, and the exit status that an errno stands for. */
#include <errno.h>
#include <stdarg.h>

#include <bpf/libbpf.h>

#include "exit_status.h"
#include "fixture.h"
#include "log.h"

/* What libbpf has to say goes where log_start() sent it. */
static void say_as_libbpf(const char *format, ...)
{
	libbpf_print_fn_t print = libbpf_set_print(NULL);
	va_list args;

	assert_non_null(print);
	va_start(args, format);
	print(LIBBPF_WARN, format, args);
	va_end(args);
}

/* One line of each kind, at this level. */
static const char *say_all(enum log_level level)
{
	capture_start();
	log_start(level);
	log_error("error %d", 1);
	log_notice("enforcing %s", "all");
	log_debug("debug %d", 3);
	say_as_libbpf("libbpf: %d\n", 4);
	return capture_end();
}

static int name_program(void **state)
{
	(void)state;
	program_invocation_short_name = "program";
	return 0;
}

static void test_errors(void **state)
{
	(void)state;
	assert_string_equal(say_all(LOG_ERRORS), "program: error 1\n");
}

static void test_notices(void **state)
{
	(void)state;
	assert_string_equal(say_all(LOG_NOTICES), "program: error 1\nenforcing all\n");
}

static void test_debug(void **state)
{
	(void)state;
	assert_string_equal(say_all(LOG_DEBUG),
			    "program: error 1\nenforcing all\nprogram: debug 3\nlibbpf: 4\n");
}

static void test_status_of_errno(void **state)
{
	(void)state;
	assert_int_equal(status_of_errno(EPERM), STATUS_NOT_PERMITTED);
	assert_int_equal(status_of_errno(EACCES), STATUS_NOT_PERMITTED);
	assert_int_equal(status_of_errno(ENOENT), STATUS_FAILED);
	assert_int_equal(status_of_errno(ENOMEM), STATUS_FAILED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_notices),
		cmocka_unit_test(test_debug),
		cmocka_unit_test(test_status_of_errno),
	};

	return cmocka_run_group_tests_name("log", tests, name_program, NULL);
}
