// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What setsockopt() and getsockopt() cost: nanoseconds per call, one line per
 *batch. Where the clock counts instructions (a virtual machine with -icount
 *shift=0) these are instructions.
 *
 *	option_cost get|set LEVEL NUMBER PROTOCOL BATCHES [CGROUP]
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CALLS	 20000
#define NS_PER_S 1000000000ULL

static void __attribute__((noreturn)) fail(const char *action)
{
	fprintf(stderr, "option_cost: cannot %s: %s\n", action, strerror(errno));
	exit(EXIT_FAILURE);
}

static unsigned long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * NS_PER_S + (unsigned long long)now.tv_nsec;
}

static void enter_cgroup(const char *directory)
{
	int cgroup = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int procs = openat(cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);

	if (procs < 0 || write(procs, "0", 1) != 1)
		fail("enter the cgroup");
	close(procs);
	close(cgroup);
}

static double batch(int fd, int gets, int level, int number)
{
	unsigned long long start = now_ns();
	int value = 1, i, err;
	socklen_t size;

	for (i = 0; i < CALLS; i++) {
		size = sizeof(value);
		err = gets ? getsockopt(fd, level, number, &value, &size)
			   : setsockopt(fd, level, number, &value, size);
		if (err)
			fail(gets ? "get the option" : "set the option");
	}
	return (double)(now_ns() - start) / CALLS;
}

int main(int argc, char **argv)
{
	int fd, gets, level, number, batches;

	if (argc < 6 || argc > 7) {
		fprintf(stderr,
			"usage: option_cost get|set LEVEL NUMBER PROTOCOL BATCHES [CGROUP]\n");
		return 2;
	}
	gets = strcmp(argv[1], "get") == 0;
	level = atoi(argv[2]);
	number = atoi(argv[3]);
	batches = atoi(argv[5]);
	if (argc > 6)
		enter_cgroup(argv[6]);
	fd = socket(AF_INET, SOCK_STREAM, atoi(argv[4]));
	if (fd < 0)
		fail("make a socket");
	/* Warms up, and stores the value that is read. */
	batch(fd, 0, level, number);
	while (batches-- > 0)
		printf("%.1f\n", batch(fd, gets, level, number));
	return 0;
}
