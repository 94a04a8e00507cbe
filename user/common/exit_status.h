/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXIT_STATUS_H
#define EXIT_STATUS_H

/*
 * How a tool ends. Functions documented to return an exit status return one of these, and have
 * already told what is wrong when it is not STATUS_OK.
 */
enum exit_status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_UNSUPPORTED = 3,	  /* this kernel cannot */
	STATUS_NOT_PERMITTED = 4, /* the caller may not */
};

/* The exit status for a system call that failed with this errno. */
enum exit_status status_of_errno(int error);

#endif /* EXIT_STATUS_H */
