/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

/*
 * How a tool ends. Functions documented to return an exit status return one of these. Unless it is
 * STATUS_OK, they have already logged the reason.
 */
enum exit_status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_UNSUPPORTED = 3,	  /* the kernel lacks something */
	STATUS_NOT_PERMITTED = 4, /* the caller lacks privileges */
};

/* The exit status for a system call that failed with this errno. */
enum exit_status status_of_errno(int error);

#endif /* EXIT_STATUS_H */
