// SPDX-License-Identifier: GPL-2.0-or-later
/* A message reaches standard error, or is dropped: whatever that is, nothing waits long for it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "fixture.h"
#include "common/standard_error.h"

/* More calls of poll() than a message takes that is not waited for. */
#define A_WAIT 10

static unsigned int polls;
static int open_error;

/* The two ends of what takes the place of standard error: who reads, and stderr itself. */
static int reader;
static FILE *real_stderr;

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout);

int __wrap_open(const char *path, int flags, ...)
{
	errno = open_error;
	return open_error ? -1 : __real_open(path, flags, 0600);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	polls++;
	return __real_poll(fds, count, timeout);
}

static int set_up(void **state)
{
	(void)state;
	open_error = 0;
	reader = -1;
	real_stderr = stderr;
	standard_error_yield_to(-1);
	alarm(60); /* for a message that blocks */
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	alarm(0);
	if (stderr != real_stderr)
		fclose(stderr);
	stderr = real_stderr;
	if (reader >= 0)
		close(reader);
	return 0;
}

static void use_as_stderr(int fd)
{
	stderr = fdopen(fd, "w");
	assert_non_null(stderr);
	polls = 0;
}

static void use_pipe(void)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	reader = fds[0];
	use_as_stderr(fds[1]);
}

/* Fill it up with spaces, by a descriptor that shares its flags; they are as before afterwards. */
static void fill(void)
{
	char spaces[PIPE_BUF];
	int fd = fileno(stderr), flags = fcntl(fd, F_GETFL);

	memset(spaces, ' ', sizeof(spaces));
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while (write(fd, spaces, sizeof(spaces)) > 0)
		;
	assert_int_equal(errno, EAGAIN);
	fcntl(fd, F_SETFL, flags);
}

/* All that can be read, without the spaces and with each CR of a terminal. */
static const char *read_all(void)
{
	static char text[1 << 20];
	size_t length = 0;
	ssize_t count;
	char *space;

	fcntl(reader, F_SETFL, fcntl(reader, F_GETFL) | O_NONBLOCK);
	while ((count = read(reader, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)count;
	text[length] = '\0';
	space = strrchr(text, ' ');
	return space ? space + 1 : text;
}

static bool say(const char *text)
{
	polls = 0;
	return standard_error_write(text, strlen(text));
}

/* What standard error is takes nothing more: messages are dropped, and then no longer waited for. */
static void assert_dropped(void)
{
	int flags = fcntl(fileno(stderr), F_GETFL);

	assert_false(say("one\n"));
	assert_true(polls > A_WAIT);
	assert_false(say("two\n"));
	assert_true(polls < A_WAIT);
	assert_int_equal(fcntl(fileno(stderr), F_GETFL), flags);
	assert_false(flags & O_NONBLOCK);
}

static void test_pipe(void **state)
{
	(void)state;
	use_pipe();
	assert_true(say("zero\n"));
	assert_string_equal(read_all(), "zero\n");
	fill();
	assert_dropped();
	assert_string_equal(read_all(), "");
	assert_true(say("three\n"));
	assert_string_equal(read_all(), "three\n");
}

/* One of another user, or where no /proc is mounted. */
static void test_pipe_not_opened(void **state)
{
	open_error = EACCES;
	test_pipe(state);
}

static void test_socket(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	reader = fds[0];
	use_as_stderr(fds[1]);
	fill();
	assert_dropped();
	read_all();
	assert_true(say("three\n"));
	assert_string_equal(read_all(), "three\n");
}

/* Ctrl-S. */
static void test_terminal(void **state)
{
	(void)state;
	reader = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(reader >= 0);
	assert_int_equal(grantpt(reader), 0);
	assert_int_equal(unlockpt(reader), 0);
	use_as_stderr(__real_open(ptsname(reader), O_RDWR | O_NOCTTY));
	assert_int_equal(tcflow(fileno(stderr), TCOOFF), 0);
	assert_dropped();
	assert_int_equal(tcflow(fileno(stderr), TCOON), 0);
	assert_true(say("three\n"));
	assert_string_equal(read_all(), "three\r\n");
}

/* What it had no room for is missing, but the next message has a line of its own. */
static void test_cut(void **state)
{
	static char text[1 << 18];
	const char *begin;

	(void)state;
	memset(text, 'a', sizeof(text) - 2);
	strcpy(text + sizeof(text) - 2, "\n");
	use_pipe();
	assert_false(say(text));
	begin = read_all();
	assert_true(strlen(begin) >= PIPE_BUF);
	assert_null(strchr(begin, '\n'));
	assert_true(say("next\n"));
	assert_string_equal(read_all(), "\nnext\n");
}

/* A signal waits to be handled. */
static void test_yield(void **state)
{
	int signals[2];

	(void)state;
	assert_int_equal(pipe(signals), 0);
	assert_int_equal(write(signals[1], "", 1), 1);
	standard_error_yield_to(signals[0]);
	use_pipe();
	assert_true(say("zero\n"));
	fill();
	assert_false(say("one\n"));
	assert_true(polls < A_WAIT);
	standard_error_yield_to(-1);
	close(signals[0]);
	close(signals[1]);
	/* Which does not mean that the reader has stalled. */
	assert_false(say("two\n"));
	assert_true(polls > A_WAIT);
}

/* A message without a reader is not counted as dropped. */
static void test_no_reader(void **state)
{
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	use_pipe();
	close(reader);
	assert_true(say("zero\n"));
	fclose(stderr);
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	reader = fds[0];
	use_as_stderr(fds[1]);
	close(reader);
	reader = -1;
	assert_true(say("zero\n"));
}

/* A file that others write to as well: each continues where the last one ended. */
static void test_file(void **state)
{
	char text[64] = { 0 };
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	use_as_stderr(dup(fileno(file)));
	assert_int_equal(write(fileno(file), "one\n", 4), 4);
	assert_true(say("two\n"));
	assert_int_equal(write(fileno(file), "three\n", 6), 6);
	assert_true(pread(fileno(file), text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, "one\ntwo\nthree\n");
	fclose(file);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_pipe),	 test_of(test_pipe_not_opened),
		test_of(test_socket),	 test_of(test_terminal),
		test_of(test_cut),	 test_of(test_yield),
		test_of(test_no_reader), test_of(test_file),
	};

	return cmocka_run_group_tests_name("standard_error", tests, NULL, NULL);
}
