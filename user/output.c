// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "output.h"

struct output {
	FILE *file; /* writes to lines */
	char *lines;
	size_t length;
	size_t written; /* of lines */
	int signal_fd;
	int patience_ms; /* -1: endless */
};

struct output *output_new(int signal_fd)
{
	struct output *output = calloc(1, sizeof(*output));

	if (!output)
		return NULL;
	output->signal_fd = signal_fd;
	output->patience_ms = -1;
	output->file = open_memstream(&output->lines, &output->length);
	if (!output->file) {
		free(output);
		return NULL;
	}
	return output;
}

FILE *output_file(struct output *output)
{
	return output->file;
}

static enum output_result fail(const char *why)
{
	log_error("cannot write to standard output: %s", why);
	return OUTPUT_FAILED;
}

/* Until standard output can be written to, or is of no use any more: write() tells which. */
static enum output_result wait_for_reader(const struct output *output)
{
	struct pollfd fds[] = { { .fd = STDOUT_FILENO, .events = POLLOUT },
				{ .fd = output->signal_fd, .events = POLLIN } };
	int ready;

	do
		ready = poll(fds, 2, output->patience_ms);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return fail(strerror(errno));
	if (ready == 0)
		return fail("its reader takes nothing (the last lines are lost)");
	return fds[0].revents ? OUTPUT_WRITTEN : OUTPUT_INTERRUPTED;
}

/* A pipe that is writable takes PIPE_BUF bytes without blocking (pipe(7)). */
static enum output_result write_some(struct output *output)
{
	size_t left = output->length - output->written;
	ssize_t count = write(STDOUT_FILENO, output->lines + output->written,
			      left < PIPE_BUF ? left : PIPE_BUF);

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

	if (fflush(output->file))
		return fail(strerror(errno));
	while (result == OUTPUT_WRITTEN && output->written < output->length) {
		result = wait_for_reader(output);
		if (result == OUTPUT_WRITTEN)
			result = write_some(output);
	}
	return result;
}

enum output_result output_flush(struct output *output)
{
	enum output_result result = write_lines(output);

	if (result == OUTPUT_INTERRUPTED)
		return result;
	rewind(output->file);
	output->written = 0;
	return result;
}

void output_hurry(struct output *output, int patience_ms)
{
	output->signal_fd = -1;
	output->patience_ms = patience_ms;
}

void output_free(struct output *output)
{
	if (!output)
		return;
	fclose(output->file);
	free(output->lines);
	free(output);
}
