// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What socket() and close() cost: nanoseconds per pair, one line per batch. Where the clock counts
 * instructions (a virtual machine with -icount shift=0) these are instructions.
 *
 * A batch is long, because part of a socket is freed after an RCU grace period: only over many of
 * these does every batch pay for the same number of frees.
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define NS_PER_S 1000000000ULL
/* dec and jnz: two instructions each time round. */
#define CALIBRATION_LOOPS 50000000UL

struct cost_options {
	unsigned long batches;
	unsigned long calls; /* in a batch, and in the warm-up */
	const char *cgroup;  /* directory of the cgroup to move to, or NULL */
	int protocol;	     /* asked for */
	int expected;	     /* that the socket must have */
	bool calibrate;
};

static unsigned long parse_number(struct argp_state *state, const char *text, unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || value > max)
		argp_error(state, "'%s' is not a number from 0 to %lu", text, max);
	return value;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct cost_options *options = state->input;

	switch (key) {
	case 'b':
		options->batches = parse_number(state, arg, 1000000);
		return 0;
	case 'n':
		options->calls = parse_number(state, arg, 100000000);
		return 0;
	case 'g':
		options->cgroup = arg;
		return 0;
	case 'p':
		options->protocol = (int)parse_number(state, arg, 65535);
		return 0;
	case 'e':
		options->expected = (int)parse_number(state, arg, 65535);
		return 0;
	case 'c':
		options->calibrate = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option argp_options[] = {
	{ "batches", 'b', "N", 0, "Batches, a line each (default 5)", 0 },
	{ "calls", 'n', "N", 0, "Sockets in a batch (default 2000)", 0 },
	{ "cgroup", 'g', "DIRECTORY", 0, "Move to this cgroup first", 0 },
	{ "protocol", 'p', "N", 0, "Protocol to ask for (default 0)", 0 },
	{ "expect", 'e', "N", 0, "Fail unless the sockets have this protocol (default 6)", 0 },
	{ "calibrate", 'c', NULL, 0, "Print the clock's ns per instruction instead", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.doc = "Measure socket(AF_INET, SOCK_STREAM) and close(), in ns per pair.",
};

static void __attribute__((noreturn)) fail(const char *action)
{
	fprintf(stderr, "socket_cost: cannot %s: %s\n", action, strerror(errno));
	exit(EXIT_FAILURE);
}

static unsigned long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * NS_PER_S + (unsigned long long)now.tv_nsec;
}

static double calibrate(void)
{
	unsigned long loops = CALIBRATION_LOOPS;
	unsigned long long start = now_ns();

#if defined(__x86_64__)
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(loops) : : "cc");
#elif defined(__aarch64__)
	__asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(loops) : : "cc");
#else
#error "calibrate() needs a loop of two instructions for this processor"
#endif
	return (double)(now_ns() - start) / (2.0 * CALIBRATION_LOOPS);
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

/* A figure of the wrong kind of socket would be worse than none. */
static void check_protocol(const struct cost_options *options)
{
	int fd = socket(AF_INET, SOCK_STREAM, options->protocol), actual = -1;
	socklen_t size = sizeof(actual);

	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &actual, &size))
		fail("make a socket");
	if (actual != options->expected) {
		fprintf(stderr, "socket_cost: got a socket of protocol %d, expected %d\n", actual,
			options->expected);
		exit(EXIT_FAILURE);
	}
	close(fd);
}

static double batch(const struct cost_options *options)
{
	unsigned long long start = now_ns();
	unsigned long i;

	for (i = 0; i < options->calls; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, options->protocol);

		if (fd < 0)
			fail("make a socket");
		close(fd);
	}
	return (double)(now_ns() - start) / (double)options->calls;
}

int main(int argc, char **argv)
{
	struct cost_options options = { .batches = 5, .calls = 2000, .expected = IPPROTO_TCP };
	unsigned long i;
	double *costs;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	if (options.calibrate) {
		printf("%.6f\n", calibrate());
		return 0;
	}
	if (options.cgroup)
		enter_cgroup(options.cgroup);
	check_protocol(&options);
	costs = calloc(options.batches, sizeof(*costs));
	if (!costs)
		fail("store the figures");
	batch(&options);
	/* Printing wakes other tasks, so it waits until all is measured. */
	for (i = 0; i < options.batches; i++)
		costs[i] = batch(&options);
	for (i = 0; i < options.batches; i++)
		printf("%.1f\n", costs[i]);
	free(costs);
	return 0;
}
