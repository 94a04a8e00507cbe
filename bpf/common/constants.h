/* SPDX-License-Identifier: GPL-2.0-only */
/* Macros of the kernel's headers, which cannot be included together with vmlinux.h. */
#ifndef CONSTANTS_H
#define CONSTANTS_H

#include <asm-generic/errno.h>

/* From include/linux/socket.h. */
#define AF_INET	 2
#define AF_INET6 10

/* From include/linux/net.h. */
#define SOCK_STREAM    1
#define SOCK_TYPE_MASK 0xf /* the other bits are SOCK_NONBLOCK and SOCK_CLOEXEC */

/* From include/uapi/linux/in.h. */
#define IPPROTO_TCP   6
#define IPPROTO_MPTCP 262

/* From include/net/sock.h: RCV_SHUTDOWN and SEND_SHUTDOWN. */
#define SHUTDOWN_MASK 3

/* From include/net/inet_ecn.h. */
#define INET_ECN_MASK 3

/* From include/net/tcp_states.h. */
#define TCP_SYN_SENT   2
#define TCP_FIN_WAIT1  4
#define TCP_CLOSE      7
#define TCP_CLOSE_WAIT 8
#define TCP_LAST_ACK   9
#define TCP_LISTEN     10
#define TCP_CLOSING    11

/* From include/uapi/linux/if.h. */
#define IFF_UP 1

/* From include/linux/err.h. */
#define MAX_ERRNO 4095

/* From include/linux/sched.h. */
#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000

#endif /* CONSTANTS_H */
