/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STD_FDS_H
#define STD_FDS_H

/*
 * Call this first: opens /dev/null on each of the descriptors 0, 1 and 2 that is closed. Otherwise, the next
 * file to be opened, such as a recording, would get that number, and with it standard output or standard
 * error. Read-only, so that writing there is still an error.
 */
void ensure_std_fds(void);

/*
 * Open the file behind a descriptor a second time, for writing without blocking: O_NONBLOCK then affects
 * no other process. Returns a descriptor, or -1 if that is not possible, as with a socket.
 */
int reopen_nonblocking(int fd);

#endif /* STD_FDS_H */
