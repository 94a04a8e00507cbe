/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for a reader that is slow, or has stalled. */
#ifndef WAIT_WRITABLE_H
#define WAIT_WRITABLE_H

enum wait_result {
	WAIT_WRITABLE, /* or the reader has gone, which the next write() reports */
	WAIT_INTERRUPTED,
	WAIT_TIMED_OUT,
	WAIT_FAILED, /* errno says why */
};

/*
 * Wait until fd can be written to, unless interrupt_fd becomes readable first (-1: nothing interrupts), or
 * timeout_ms have passed (-1: no timeout).
 */
enum wait_result wait_writable(int fd, int interrupt_fd, int timeout_ms);

#endif /* WAIT_WRITABLE_H */
