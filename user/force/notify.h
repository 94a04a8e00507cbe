/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef NOTIFY_H
#define NOTIFY_H

/*
 * Send "READY=1" to the socket in $NOTIFY_SOCKET, like sd_notify(3); do nothing if it is not set. Returns 0,
 * or -errno.
 */
int notify_ready(void);

#endif /* NOTIFY_H */
