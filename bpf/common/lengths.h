/* SPDX-License-Identifier: GPL-2.0-only */
/* Lengths of names, for the ABI headers of all tools. */
#ifndef LENGTHS_H
#define LENGTHS_H

/* Bytes of a task's name, including the final NUL (TASK_COMM_LEN in linux/sched.h). */
#define COMM_LEN 16

/* Bytes of a cgroup's path below the root of the hierarchy, including the final NUL. */
#define CGROUP_PATH_LEN 256

#endif /* LENGTHS_H */
