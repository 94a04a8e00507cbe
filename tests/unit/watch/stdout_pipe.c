// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "common/fixture.h"
#include "stdout_pipe.h"

static int real_stdout;

int stdout_pipe_start(void)
{
	int ends[2];

	fflush(stdout);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	real_stdout = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	return ends[0];
}

void stdout_pipe_end(void)
{
	dup2(real_stdout, STDOUT_FILENO);
	close(real_stdout);
}

void stdout_pipe_fill(void)
{
	struct pollfd writable = { .fd = STDOUT_FILENO, .events = POLLOUT };
	static const char page[4096];

	while (poll(&writable, 1, 0) == 1 && write(STDOUT_FILENO, page, sizeof(page)) > 0)
		;
}

const char *stdout_pipe_read(int fd)
{
	static char all[256 * 1024];
	size_t length = 0;
	ssize_t count;

	while ((count = read(fd, all + length, sizeof(all) - 1 - length)) > 0)
		length += (size_t)count;
	all[length] = '\0';
	return all;
}
