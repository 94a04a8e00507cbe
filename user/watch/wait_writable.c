// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>

#include "wait_writable.h"

enum wait_result wait_writable(int fd, int interrupt_fd, int timeout_ms)
{
	struct pollfd fds[] = { { .fd = fd, .events = POLLOUT },
				{ .fd = interrupt_fd, .events = POLLIN } };
	int ready;

	/* EINTR after SIGSTOP and SIGCONT: the wait then starts again. */
	do
		ready = poll(fds, 2, timeout_ms);
	while (ready < 0 && errno == EINTR);
	if (ready < 0)
		return WAIT_FAILED;
	if (ready == 0)
		return WAIT_TIMED_OUT;
	return fds[0].revents ? WAIT_WRITABLE : WAIT_INTERRUPTED;
}
