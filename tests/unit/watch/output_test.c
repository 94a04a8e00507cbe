// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines reach their reader once and in order, whether it is quick, slow, or gone. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/fixture.h"
#include "watch/output.h"
#include "stdout_pipe.h"

/* Readable when a signal has come. */
static int signal_fd;

/* How often a terminal makes its writer wait, and takes nothing then; 0: poll() is the real one. */
static unsigned int trickles;

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

/* Almost all of the time that it was given, and writable after all. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (!trickles || timeout <= 0)
		return __real_poll(fds, count, timeout);
	trickles--;
	usleep((useconds_t)timeout * 900);
	fds[0].revents = POLLOUT;
	return 1;
}

static int set_up(void **state)
{
	int err = make_directory(state);

	signal(SIGPIPE, SIG_IGN);
	signal_fd = eventfd(0, EFD_CLOEXEC);
	return err;
}

static int tear_down(void **state)
{
	close(signal_fd);
	return remove_directory(state);
}

static void test_once_and_in_order(void **state)
{
	struct output *output = output_new(signal_fd);
	enum output_result results[4];
	const char *printed;
	int reader, i;

	(void)state;
	reader = stdout_pipe_start();
	results[0] = output_flush(output);
	strbuf_add(output_lines(output), "a longer first line\n");
	results[1] = output_flush(output);
	strbuf_add(output_lines(output), "two\n");
	strbuf_add(output_lines(output), "three\n");
	results[2] = output_flush(output);
	results[3] = output_flush(output);
	stdout_pipe_end();
	printed = stdout_pipe_read(reader);
	close(reader);
	output_free(output);
	for (i = 0; i < 4; i++)
		assert_int_equal(results[i], OUTPUT_WRITTEN);
	assert_string_equal(printed, "a longer first line\ntwo\nthree\n");
}

/* What a pipe does not hold is written while it is read: here by a child, of which all is read. */
static void test_more_than_a_pipe_holds(void **state)
{
	struct output *output = output_new(signal_fd);
	static char wanted[200000], printed[sizeof(wanted)];
	int reader, number, status = -1;
	size_t length = 0;
	ssize_t count;
	pid_t child;

	(void)state;
	for (number = 0; length < sizeof(wanted) - 16; number++)
		length += (size_t)sprintf(wanted + length, "line %d\n", number);
	strbuf_add(output_lines(output), wanted);
	reader = stdout_pipe_start();
	child = fork();
	if (child == 0)
		_exit(output_flush(output) == OUTPUT_WRITTEN ? 0 : 1);
	stdout_pipe_end();
	fcntl(reader, F_SETFL, 0);
	length = 0;
	while ((count = read(reader, printed + length, sizeof(printed) - 1 - length)) > 0)
		length += (size_t)count;
	close(reader);
	waitpid(child, &status, 0);
	output_free(output);
	assert_int_equal(status, 0);
	assert_string_equal(printed, wanted);
}

static void test_reader_gone(void **state)
{
	struct output *output = output_new(signal_fd);
	enum output_result result;
	const char *printed;
	int reader;

	(void)state;
	reader = stdout_pipe_start();
	close(reader);
	strbuf_add(output_lines(output), "line\n");
	capture_start();
	result = output_flush(output);
	printed = capture_end();
	stdout_pipe_end();
	output_free(output);
	assert_int_equal(result, OUTPUT_READER_GONE);
	assert_string_equal(printed, "");
}

/* A signal ends the waiting, not the lines: they are written once there is room. */
static void test_interrupted(void **state)
{
	struct output *output = output_new(signal_fd);
	enum output_result first, second;
	char printed[16] = "";
	int reader;

	(void)state;
	reader = stdout_pipe_start();
	stdout_pipe_fill();
	strbuf_add(output_lines(output), "one\n");
	eventfd_write(signal_fd, 1);
	first = output_flush(output);
	stdout_pipe_read(reader);
	strbuf_add(output_lines(output), "two\n");
	second = output_flush(output);
	stdout_pipe_end();
	strncat(printed, stdout_pipe_read(reader), sizeof(printed) - 1);
	close(reader);
	output_free(output);
	assert_int_equal(first, OUTPUT_INTERRUPTED);
	assert_int_equal(second, OUTPUT_WRITTEN);
	assert_string_equal(printed, "one\ntwo\n");
}

static void test_hurry(void **state)
{
	struct output *output = output_new(signal_fd);
	enum output_result result;
	const char *printed;
	int reader;

	(void)state;
	reader = stdout_pipe_start();
	stdout_pipe_fill();
	strbuf_add(output_lines(output), "line\n");
	eventfd_write(signal_fd, 1);
	output_hurry(output, 10);
	capture_start();
	result = output_flush(output);
	printed = capture_end();
	stdout_pipe_end();
	close(reader);
	output_free(output);
	assert_int_equal(result, OUTPUT_FAILED);
	assert_contains(printed, "cannot write to standard output: the reader has stalled");
}

/* A terminal of which nobody reads is writable for poll(), and then takes but a part. */
static void test_terminal(void **state)
{
	struct output *output = output_new(signal_fd);
	int master = posix_openpt(O_RDWR | O_NOCTTY), reader, terminal;
	static char lines[200000];
	enum output_result result;

	(void)state;
	assert_int_equal(grantpt(master) || unlockpt(master), 0);
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	memset(lines, 'x', sizeof(lines) - 1);
	strbuf_add(output_lines(output), lines);
	eventfd_write(signal_fd, 1);
	reader = stdout_pipe_start();
	dup2(terminal, STDOUT_FILENO);
	result = output_flush(output);
	stdout_pipe_end();
	output_free(output);
	close(reader);
	close(terminal);
	close(master);
	assert_int_equal(result, OUTPUT_INTERRUPTED);
}

/* However often it seems to take something, the patience with it ends. */
static void test_terminal_that_trickles(void **state)
{
	struct output *output = output_new(signal_fd);
	int master = posix_openpt(O_RDWR | O_NOCTTY), reader, terminal;
	static char lines[200000];
	enum output_result result;
	unsigned int left;

	(void)state;
	assert_int_equal(grantpt(master) || unlockpt(master), 0);
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	memset(lines, 'x', sizeof(lines) - 1);
	strbuf_add(output_lines(output), lines);
	reader = stdout_pipe_start();
	dup2(terminal, STDOUT_FILENO);
	/* Full, so that all further waiting is in vain. */
	eventfd_write(signal_fd, 1);
	output_flush(output);
	output_hurry(output, 50);
	trickles = 1000;
	capture_start();
	result = output_flush(output);
	assert_contains(capture_end(), "the reader has stalled");
	left = trickles;
	trickles = 0;
	stdout_pipe_end();
	output_free(output);
	close(reader);
	close(terminal);
	close(master);
	assert_int_equal(result, OUTPUT_FAILED);
	/* Nine tenths of what is left of 50 ms, again and again, is soon nothing. */
	assert_true(left >= 900 && left <= 1000);
}

static void assert_fails(int stdout_fd, const char *why)
{
	struct output *output = output_new(signal_fd);
	enum output_result result;
	const char *printed;
	int reader;

	reader = stdout_pipe_start();
	strbuf_add(output_lines(output), "line\n");
	capture_start();
	if (stdout_fd >= 0)
		dup2(stdout_fd, STDOUT_FILENO);
	else
		close(STDOUT_FILENO);
	result = output_flush(output);
	printed = capture_end();
	stdout_pipe_end();
	close(reader);
	output_free(output);
	assert_int_equal(result, OUTPUT_FAILED);
	assert_contains(printed, "cannot write to standard output: ");
	assert_contains(printed, why);
}

static void test_failures(void **state)
{
	FILE *full = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(full);
	assert_fails(fileno(full), "No space left on device");
	fclose(full);
	assert_fails(-1, "Bad file descriptor");
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_once_and_in_order),
		test_of(test_more_than_a_pipe_holds),
		test_of(test_reader_gone),
		test_of(test_interrupted),
		test_of(test_hurry),
		test_of(test_terminal),
		test_of(test_terminal_that_trickles),
		test_of(test_failures),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
