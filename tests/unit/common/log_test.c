// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes to standard error at which level, and the exit status that an errno stands for. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "common/exit_status.h"
#include "fixture.h"
#include "common/log.h"

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
	log_warning("warning %d", 2);
	log_notice("enforcing %s", "all");
	log_debug("debug %d", 3);
	say_as_libbpf("libbpf: %d\nlibbpf: end\n", 4);
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
	assert_string_equal(say_all(LOG_WARNINGS),
			    "program: error 1\nprogram: warning: warning 2\n");
}

static void test_notices(void **state)
{
	(void)state;
	assert_string_equal(say_all(LOG_NOTICES), "program: error 1\nprogram: warning: warning 2\n"
						  "enforcing all\n");
}

static void test_debug(void **state)
{
	(void)state;
	assert_string_equal(say_all(LOG_DEBUG),
			    "program: error 1\nprogram: warning: warning 2\nenforcing all\n"
			    "program: debug 3\nlibbpf: 4\nlibbpf: end\n");
}

/* As the service manager does when standard error is this file, or another. */
static void set_journal_stream(FILE *file, ino_t more)
{
	struct stat status;
	char stream[64];

	assert_int_equal(fstat(fileno(file), &status), 0);
	snprintf(stream, sizeof(stream), "%ju:%ju", (uintmax_t)status.st_dev,
		 (uintmax_t)(status.st_ino + more));
	setenv("JOURNAL_STREAM", stream, 1);
}

static const char *say_all_to_journal(ino_t more)
{
	capture_start();
	set_journal_stream(stderr, more);
	log_start(LOG_DEBUG);
	log_error("error %d", 1);
	log_warning("warning %d", 2);
	log_notice("enforcing %s", "all");
	log_debug("debug %d", 3);
	say_as_libbpf("libbpf: %d\nlibbpf: end\n", 4);
	unsetenv("JOURNAL_STREAM");
	return capture_end();
}

static void test_journal(void **state)
{
	(void)state;
	assert_string_equal(say_all_to_journal(0),
			    "<3>program: error 1\n<4>program: warning: warning 2\n"
			    "<6>enforcing all\n<7>program: debug 3\n"
			    "<4>libbpf: 4\n<4>libbpf: end\n");
}

/* The journal of another: standard error has been redirected since. */
static void test_other_journal(void **state)
{
	(void)state;
	assert_null(strchr(say_all_to_journal(1), '<'));
}

/* What a cgroup is called must neither end the line nor reach a terminal as a command. */
static void test_control_characters(void **state)
{
	(void)state;
	capture_start();
	log_start(LOG_NOTICES);
	log_notice("cgroup '%s'", "a\n<0>b\x1b[2J\x7f\xc2\x9b\xc3\xa4\t");
	assert_string_equal(capture_end(), "cgroup 'a\\x0a<0>b\\x1b[2J\\x7f\\xc2\x9b\xc3\xa4\t'\n");
}

/* A reader that was too slow learns later how many messages were dropped. */
static void test_dropped(void **state)
{
	FILE *real_stderr = stderr;
	char text[1 << 17];
	ssize_t length;
	int fds[2];

	(void)state;
	alarm(60); /* for a message that blocks */
	assert_int_equal(pipe(fds), 0);
	stderr = fdopen(fds[1], "w");
	log_start(LOG_NOTICES);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	while (write(fds[1], text, sizeof(text)) > 0)
		;
	fcntl(fds[1], F_SETFL, 0);
	log_notice("one");
	log_error("two");
	while (read(fds[0], text, sizeof(text)) == sizeof(text))
		;
	log_notice("three");
	log_notice("four");
	length = read(fds[0], text, sizeof(text) - 1);
	fclose(stderr);
	stderr = real_stderr;
	close(fds[0]);
	alarm(0);
	assert_true(length > 0);
	text[length] = '\0';
	assert_string_equal(
		text,
		"program: warning: 2 messages were dropped because standard error was not read\nthree\nfour\n");
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
		cmocka_unit_test(test_errors),	      cmocka_unit_test(test_notices),
		cmocka_unit_test(test_debug),	      cmocka_unit_test(test_journal),
		cmocka_unit_test(test_other_journal), cmocka_unit_test(test_control_characters),
		cmocka_unit_test(test_dropped),	      cmocka_unit_test(test_status_of_errno),
	};

	return cmocka_run_group_tests_name("log", tests, name_program, NULL);
}
