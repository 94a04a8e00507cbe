// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "standard_error.h"
#include "std_fds.h"

/* How often to wait for a stalled reader, and for how long each time. */
#define TRIES	100
#define STEP_MS 10

/* The file behind standard error, and how to write to it. */
static struct {
	dev_t device;
	ino_t inode;
	bool is_socket;
	int own_fd; /* of our own non-blocking open file, or -1 */
} target = { .own_fd = -1 };

static int yield_fd = -1;
static bool stalled;
static bool torn; /* only a part of the last message was written */

/*
 * O_NONBLOCK belongs to the open file. The command of 'run' and others share it, and do not expect
 * EAGAIN. We therefore open a pipe or terminal a second time, and use MSG_DONTWAIT for a socket. A regular
 * file never blocks, and a second open file would have a position of its own.
 */
static void find_target(int fd)
{
	struct stat status;

	if (fstat(fd, &status) || (status.st_dev == target.device && status.st_ino == target.inode))
		return;
	if (target.own_fd >= 0)
		close(target.own_fd);
	target.device = status.st_dev;
	target.inode = status.st_ino;
	target.is_socket = S_ISSOCK(status.st_mode);
	target.own_fd = -1;
	if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode))
		target.own_fd = reopen_nonblocking(fd);
	stalled = torn = false;
}

void standard_error_open(void)
{
	find_target(fileno(stderr));
}

/* Without our own open file, write at most PIPE_BUF bytes, which fit into any writable pipe (pipe(7)). */
static ssize_t write_some(int fd, const char *bytes, size_t length)
{
	if (target.is_socket)
		return send(fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	return write(fd, bytes, length < PIPE_BUF ? length : PIPE_BUF);
}

/* Wait briefly until bytes can be written. Returns how many were written; 0: none yet; -1: error. */
static ssize_t try_to_write(int fd, const char *bytes, size_t length)
{
	struct pollfd fds[] = { { .fd = fd, .events = POLLOUT },
				{ .fd = yield_fd, .events = POLLIN } };
	int timeout_ms = stalled ? 0 : STEP_MS;
	ssize_t count;

	if (poll(fds, 2, timeout_ms) <= 0 || !fds[0].revents)
		return 0;
	count = write_some(fd, bytes, length);
	if (count >= 0)
		return count;
	if (errno != EAGAIN && errno != EINTR)
		return -1;
	/* A terminal with room for one byte is writable, but does not take a newline, which needs two. */
	poll(&fds[1], 1, timeout_ms);
	return 0;
}

static bool has_to_yield(void)
{
	struct pollfd fds = { .fd = yield_fd, .events = POLLIN };

	return poll(&fds, 1, 0) > 0;
}

/* Returns how many bytes were written, or length if the reader has gone. */
static size_t write_in_time(int fd, const char *bytes, size_t length)
{
	int tries = stalled ? 1 : TRIES;
	size_t written = 0;
	ssize_t count;

	do {
		count = try_to_write(fd, bytes + written, length - written);
		if (count < 0)
			return length;
		if (count > 0) {
			written += (size_t)count;
			stalled = false;
			tries = TRIES;
		} else if (--tries == 0) {
			stalled = true;
		}
	} while (written < length && !stalled && (count > 0 || !has_to_yield()));
	return written;
}

bool standard_error_write(const char *message, size_t length)
{
	int fd = fileno(stderr);
	size_t written;

	find_target(fd);
	if (target.own_fd >= 0)
		fd = target.own_fd;
	if (torn && write_in_time(fd, "\n", 1) == 0)
		return false;
	written = write_in_time(fd, message, length);
	torn = written > 0 && written < length;
	return written == length;
}

void standard_error_yield_to(int fd)
{
	yield_fd = fd;
}
