/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the tests of the cgroup of 'run'. An ordinary directory takes the place of the hierarchy; wrapped
 * functions do to it what the kernel and other processes would. Needs WRAP_*_test in tests/unit/Makefile.
 */
#ifndef TRANSIENT_FIXTURE_H
#define TRANSIENT_FIXTURE_H

/* The name of every transient cgroup starts with this, followed by the ID of its process. */
#define PREFIX "mptcp-force-run-"

/* All zero: nothing goes wrong. */
struct fake_hierarchy {
	int mkdir_error;
	const char *
		type_of_new; /* content of the file cgroup.type of a new cgroup; NULL: no such file */
	unsigned int
		times_stolen; /* how many new directories others remove before they can be locked */
	unsigned int times_busy; /* how often rmdir() reports that the cgroup has processes */
	unsigned int pauses;	 /* how often the code under test has waited */
};

extern struct fake_hierarchy hierarchy;

/* In the test's directory, with a cgroup /caller, which this process is in. */
int transient_set_up(void **state);
int transient_tear_down(void **state);

/* cgroup v2, mounted at this directory and showing the cgroup root; this process is in the cgroup own. */
void mount_at(const char *directory, const char *root, const char *own);

/* Write a file of a cgroup, such as cgroup.procs. */
void write_in_cgroup(const char *cgroup, const char *name, const char *content);

#endif /* TRANSIENT_FIXTURE_H */
