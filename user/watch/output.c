// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "output.h"
#include "wait_writable.h"

struct output {
	int fd;
	struct strbuf lines;
	size_t written; /* bytes of lines */
	int signal_fd;
	int patience_ms;     /* -1: unlimited */
	int64_t deadline_ms; /* for a terminal, if patience is limited */
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/*
 * A terminal that poll() reports as writable may still accept less than is written, and block. We open it a
 * second time, without blocking, because other processes that share standard output do not expect EAGAIN.
 */
static int open_output(void)
{
	int fd = -1;

	if (isatty(STDOUT_FILENO))
		fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? STDOUT_FILENO : fd;
}

struct output *output_new(int signal_fd)
{
	struct output *output = calloc(1, sizeof(*output));

	if (!output)
		return NULL;
	output->fd = -1;
	output->signal_fd = signal_fd;
	output->patience_ms = -1;
	return output;
}

struct strbuf *output_lines(struct output *output)
{
	return &output->lines;
}

static enum output_result fail(const char *why)
{
	log_error("cannot write to standard output: %s", why);
	return OUTPUT_FAILED;
}

/*
 * If a pipe takes something, it has been read. A terminal that nobody reads still takes a little now and then,
 * as the kernel moves bytes from one buffer to the next: its deadline is for all lines together.
 */
static int patience_left(const struct output *output)
{
	int64_t left;

	if (output->patience_ms < 0 || !isatty(output->fd))
		return output->patience_ms;
	left = output->deadline_ms - now_ms();
	return left > 0 ? (int)left : 0;
}

static enum output_result wait_for_reader(const struct output *output)
{
	switch (wait_writable(output->fd, output->signal_fd, patience_left(output))) {
	case WAIT_FAILED:
		return fail(strerror(errno));
	case WAIT_TIMED_OUT:
		return fail("the reader has stalled (the last lines were lost)");
	case WAIT_INTERRUPTED:
		return OUTPUT_INTERRUPTED;
	case WAIT_WRITABLE:
		break;
	}
	return OUTPUT_WRITTEN;
}

/* A writable pipe takes PIPE_BUF bytes without blocking (pipe(7)); a file takes all. */
static size_t bytes_at_a_time(void)
{
	struct stat status;

	return !fstat(STDOUT_FILENO, &status) && S_ISREG(status.st_mode) ? SIZE_MAX : PIPE_BUF;
}

static enum output_result write_some(struct output *output, size_t most)
{
	size_t left = output->lines.length - output->written;
	ssize_t count = write(output->fd, output->lines.bytes + output->written,
			      left < most ? left : most);

	if (count >= 0)
		output->written += (size_t)count;
	else if (errno == EPIPE)
		return OUTPUT_READER_GONE;
	else if (errno != EINTR && errno != EAGAIN)
		return fail(strerror(errno));
	return OUTPUT_WRITTEN;
}

static enum output_result write_lines(struct output *output)
{
	enum output_result result = OUTPUT_WRITTEN;
	size_t most = bytes_at_a_time();

	if (output->fd < 0)
		output->fd = open_output();
	while (result == OUTPUT_WRITTEN && output->written < output->lines.length) {
		result = wait_for_reader(output);
		if (result == OUTPUT_WRITTEN)
			result = write_some(output, most);
	}
	return result;
}

enum output_result output_flush(struct output *output)
{
	enum output_result result = write_lines(output);

	if (result == OUTPUT_INTERRUPTED)
		return result;
	if (result == OUTPUT_WRITTEN && output->lines.cut)
		result = fail("out of memory (lines are missing)");
	output->lines.cut = false;
	output->lines.length = output->written = 0;
	return result;
}

void output_hurry(struct output *output, int patience_ms)
{
	output->signal_fd = -1;
	output->patience_ms = patience_ms;
	output->deadline_ms = now_ms() + patience_ms;
}

void output_free(struct output *output)
{
	if (!output)
		return;
	if (output->fd > STDERR_FILENO)
		close(output->fd);
	strbuf_free(&output->lines);
	free(output);
}
