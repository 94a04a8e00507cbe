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

static struct output *output;
static int reader; /* the other end of standard output */

/* What output_flush() logged. */
static const char *messages;

static int set_up(void **state)
{
	int err = make_directory(state);

	signal(SIGPIPE, SIG_IGN);
	signal_fd = eventfd(0, EFD_CLOEXEC);
	output = output_new(signal_fd);
	reader = -1;
	return err;
}

static int tear_down(void **state)
{
	output_free(output);
	if (reader >= 0)
		close(reader);
	close(signal_fd);
	return remove_directory(state);
}

/* From here until stdout_pipe_end(), standard output is a pipe. */
static void start_with(const char *lines)
{
	reader = stdout_pipe_start();
	strbuf_add(output_lines(output), lines);
}

static enum output_result flush(void)
{
	enum output_result result;

	capture_start();
	result = output_flush(output);
	messages = capture_end();
	return result;
}

static void test_once_and_in_order(void **state)
{
	enum output_result results[4];
	const char *written;
	int i;

	(void)state;
	start_with("");
	results[0] = output_flush(output);
	strbuf_add(output_lines(output), "a longer first line\n");
	results[1] = output_flush(output);
	strbuf_add(output_lines(output), "two\n");
	strbuf_add(output_lines(output), "three\n");
	results[2] = output_flush(output);
	results[3] = output_flush(output);
	stdout_pipe_end();
	written = stdout_pipe_read(reader);
	for (i = 0; i < 4; i++)
		assert_int_equal(results[i], OUTPUT_WRITTEN);
	assert_string_equal(written, "a longer first line\ntwo\nthree\n");
}

/* What does not fit into a pipe is written while the pipe is read: a child writes, and we read all of it. */
static void test_more_than_a_pipe_holds(void **state)
{
	static char wanted[200000], written[sizeof(wanted)];
	int number, status = -1;
	size_t length = 0;
	ssize_t count;
	pid_t child;

	(void)state;
	for (number = 0; length < sizeof(wanted) - 16; number++)
		length += (size_t)sprintf(wanted + length, "line %d\n", number);
	start_with(wanted);
	child = fork();
	if (child == 0)
		_exit(output_flush(output) == OUTPUT_WRITTEN ? 0 : 1);
	stdout_pipe_end();
	fcntl(reader, F_SETFL, 0);
	length = 0;
	while ((count = read(reader, written + length, sizeof(written) - 1 - length)) > 0)
		length += (size_t)count;
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	assert_string_equal(written, wanted);
}

static void test_reader_gone(void **state)
{
	enum output_result result;

	(void)state;
	start_with("line\n");
	close(reader);
	reader = -1;
	result = flush();
	stdout_pipe_end();
	assert_int_equal(result, OUTPUT_READER_GONE);
	assert_string_equal(messages, "");
}

/* A signal ends the waiting, not the lines: they are written once there is room. */
static void test_interrupted(void **state)
{
	enum output_result first, second;

	(void)state;
	start_with("one\n");
	stdout_pipe_fill();
	eventfd_write(signal_fd, 1);
	first = output_flush(output);
	stdout_pipe_read(reader);
	strbuf_add(output_lines(output), "two\n");
	second = output_flush(output);
	stdout_pipe_end();
	assert_int_equal(first, OUTPUT_INTERRUPTED);
	assert_int_equal(second, OUTPUT_WRITTEN);
	assert_string_equal(stdout_pipe_read(reader), "one\ntwo\n");
}

static void test_hurry(void **state)
{
	enum output_result result;

	(void)state;
	start_with("line\n");
	stdout_pipe_fill();
	eventfd_write(signal_fd, 1);
	output_hurry(output, 10);
	result = flush();
	stdout_pipe_end();
	assert_int_equal(result, OUTPUT_FAILED);
	assert_contains(messages, "cannot write to standard output: the reader has stalled");
}

/* The two ends of a terminal that nobody reads. */
struct terminal {
	int master, slave;
};

/* From here until close_terminal(), standard output is a terminal, and has more to print than it takes. */
static struct terminal open_terminal(void)
{
	struct terminal terminal = { .master = posix_openpt(O_RDWR | O_NOCTTY) };
	static char lines[200000];

	assert_int_equal(grantpt(terminal.master) || unlockpt(terminal.master), 0);
	terminal.slave = open(ptsname(terminal.master), O_RDWR | O_NOCTTY);
	assert_true(terminal.slave >= 0);
	memset(lines, 'x', sizeof(lines) - 1);
	start_with(lines);
	dup2(terminal.slave, STDOUT_FILENO);
	return terminal;
}

static void close_terminal(const struct terminal *terminal)
{
	stdout_pipe_end();
	close(terminal->slave);
	close(terminal->master);
}

/* poll() reports a terminal that nobody reads as writable, but it takes only a part. */
static void test_terminal(void **state)
{
	struct terminal terminal = open_terminal();
	enum output_result result;

	(void)state;
	eventfd_write(signal_fd, 1);
	result = output_flush(output);
	close_terminal(&terminal);
	assert_int_equal(result, OUTPUT_INTERRUPTED);
}

/* However often it seems to take something, the patience with it ends. */
static void test_terminal_that_trickles(void **state)
{
	struct terminal terminal = open_terminal();
	enum output_result result;
	unsigned int left;

	(void)state;
	/* Full, so that all further waiting is in vain. */
	eventfd_write(signal_fd, 1);
	output_flush(output);
	output_hurry(output, 50);
	trickles = 1000;
	result = flush();
	left = trickles;
	trickles = 0;
	close_terminal(&terminal);
	assert_int_equal(result, OUTPUT_FAILED);
	assert_contains(messages, "the reader has stalled");
	/* Nine tenths of what is left of 50 ms, again and again, is soon nothing. */
	assert_true(left >= 900 && left <= 1000);
}

/* With that file as standard output, or none (-1). */
static void assert_fails(int stdout_fd, const char *why)
{
	enum output_result result;

	start_with("line\n");
	/* Not flush(): the file that captures would take the place of a closed standard output. */
	capture_start();
	if (stdout_fd >= 0)
		dup2(stdout_fd, STDOUT_FILENO);
	else
		close(STDOUT_FILENO);
	result = output_flush(output);
	messages = capture_end();
	stdout_pipe_end();
	assert_int_equal(result, OUTPUT_FAILED);
	assert_contains(messages, "cannot write to standard output: ");
	assert_contains(messages, why);
}

static void test_full_disk(void **state)
{
	FILE *full = fopen("/dev/full", "we");

	(void)state;
	assert_non_null(full);
	assert_fails(fileno(full), "No space left on device");
	fclose(full);
}

static void test_no_stdout(void **state)
{
	(void)state;
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
		test_of(test_full_disk),
		test_of(test_no_stdout),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
