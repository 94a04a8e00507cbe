/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STD_FDS_H
#define STD_FDS_H

/*
 * To be called first of all: opens /dev/null on each of the descriptors 0, 1 and 2 that the caller has
 * closed, for reading, so that it is still an error to write there. Else the next file that is opened,
 * such as a recording, gets that number, and with it what is meant for standard output or standard error.
 */
void ensure_std_fds(void);

/*
 * Open the file that a descriptor is for once more for writing, for this process alone and so that it
 * never blocks. Returns a descriptor; -1 when that is not possible, as with a socket.
 */
int reopen_nonblocking(int fd);

#endif /* STD_FDS_H */
