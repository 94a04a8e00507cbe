/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by the audit of bpf/force/ and user space: what each program in scope does with its TCP
 * sockets. All fields are in host byte order.
 */
#ifndef AUDIT_H
#define AUDIT_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#include "common/lengths.h"
#include "common/sockopt_table.h"

/* Maximum number of programs, and of those that are charged to one user. */
#define AUDIT_PROGRAMS		4096
#define AUDIT_PROGRAMS_PER_USER 512

/* Maximum number of users with a place of their own; all others share one. */
#define AUDIT_USERS 1024

/* Bytes of the path of an executable, or of a cgroup below the root of the hierarchy. */
#define AUDIT_PATH_LEN 256

/* What a program is to the audit: key of the map programs. */
struct audit_key {
	__u64 inode;  /* of the executable; 0: none */
	__u64 cgroup; /* id, kernfs_node.id */
	__u32 device; /* of the executable's file system */
	__u32 reserved;
	char comm[COMM_LEN]; /* of the process; any bytes, padded with zeroes */
};

_Static_assert(sizeof(struct audit_key) == 40, "key of the map programs");

/* Built from its end: bytes[begin] to bytes[AUDIT_PATH_LEN - 1]. */
struct audit_path {
	__u32 begin;	 /* AUDIT_PATH_LEN: empty */
	__u32 truncated; /* 1: it began with other names, which did not fit */
	char bytes[2 * AUDIT_PATH_LEN];
};

/* What a program did: indexes of audit_program.counts. */
enum audit_count {
	AUDIT_TCP_SOCKETS,	   /* created by socket(2) or io_uring */
	AUDIT_MPTCP_SOCKETS,	   /* that it asked for, or that an enforcer made of TCP */
	AUDIT_IO_URING_SOCKETS,	   /* of the TCP sockets, those of io_uring */
	AUDIT_INHERITED_LISTENERS, /* accepted from, but created by a process out of scope */
	AUDIT_OLDER_LISTENERS,	   /* open when the audit started */
	AUDIT_OLDER_SOCKETS,	   /* the same, not listening */
	AUDIT_OOB_SENT,		   /* calls with MSG_OOB */
	AUDIT_OOB_RECEIVED,
	AUDIT_ZEROCOPY,		/* sends without a copy: MSG_ZEROCOPY, or IORING_OP_SEND_ZC */
	AUDIT_KTLS,		/* sockets that were given to TLS in the kernel */
	AUDIT_SOCKMAP,		/* calls on a socket that is in a sockmap */
	AUDIT_LEFT_LANDLOCK,	/* of the TCP sockets, those that an enforcer would leave on TCP, */
	AUDIT_LEFT_SOCK_CREATE, /* for these reasons */
	AUDIT_COMPAT_CALLS,	/* setsockopt(2) and getsockopt(2) of 32-bit programs */
	AUDIT_COUNTS,
};

/* How often an option was used, with success and where MPTCP differs. */
struct audit_option {
	__u32 set;
	__u32 read;
	__u32 limits_reach; /* of set, values with SOCKOPT_LIMITS_REACH() */
};

/* Value of the map programs. */
struct audit_program {
	__u32 serial; /* the number of programs up to this one */
	__u32 uid;    /* effective, of the first process seen */
	__u64 processes;
	__u64 counts[AUDIT_COUNTS];
	struct audit_option options[SOCKOPT_ROWS]; /* by enum sockopt_row */
	struct audit_path exe;
	struct audit_path cgroup;
};

/* Why something that a program did was not recorded. */
enum audit_drop {
	AUDIT_DROP_USER, /* its user has AUDIT_PROGRAMS_PER_USER programs */
	AUDIT_DROP_FULL, /* the table is full */
	AUDIT_DROPS,
};

/* Read from the iterator list_listeners(): a process that holds a listening TCP socket. */
struct audit_listener {
	__u64 inode; /* of the socket */
	__u32 in_scope;
	__u32 reserved;
	struct audit_key program; /* in scope only */
};

_Static_assert(sizeof(struct audit_listener) == 56, "record of list_listeners()");

#endif /* AUDIT_H */
