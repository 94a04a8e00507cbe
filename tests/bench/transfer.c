// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traffic over MPTCP, and what it cost the whole machine: the time that its one processor was not
 * idle, in ns, which are instructions where the clock counts these (a virtual machine with -icount). What
 * is left to be done afterwards, by the kernel and by observers, counts as well.
 *
 * usage: transfer serve PORT                      discards what comes in, answers each connection's
 *                                                 first byte with a byte
 *        transfer bulk ADDRESS PORT MIB           over one connection
 *        transfer short ADDRESS PORT COUNT        connections one after the other
 *        transfer hold ADDRESS PORT COUNT         connections, open until standard input ends: what comes
 *                                                 there goes out on the last one
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define NS_PER_S 1000000000ULL
#define MIB	 (1024 * 1024)
#define HELD_MAX 4096

/* Time to do it in. Waiting costs nothing. */
#define SETTLE_MS 500

static unsigned long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * NS_PER_S + (unsigned long long)now.tv_nsec;
}

/* Idle and waiting for a disk, in all: proc(5), in ticks. */
static unsigned long long idle_ns(void)
{
	unsigned long long idle, iowait;
	FILE *file = fopen("/proc/stat", "r");

	if (!file || fscanf(file, "cpu %*u %*u %*u %llu %llu", &idle, &iowait) != 2)
		errx(1, "cannot read /proc/stat");
	fclose(file);
	return (idle + iowait) * (NS_PER_S / (unsigned long long)sysconf(_SC_CLK_TCK));
}

static int make_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);

	if (fd < 0)
		err(1, "cannot make an MPTCP socket");
	return fd;
}

static int connect_to(const struct sockaddr_in *server)
{
	int fd = make_socket();

	if (connect(fd, (const struct sockaddr *)server, sizeof(*server)))
		err(1, "cannot connect");
	return fd;
}

/* One more to watch, or none of those that ended. */
static nfds_t serve_ready(struct pollfd *fds, nfds_t count, char *buffer)
{
	nfds_t i, kept = 1;
	ssize_t length;

	for (i = 1; i < count; i++) {
		if (fds[i].revents) {
			length = read(fds[i].fd, buffer, MIB);
			if (length <= 0) {
				close(fds[i].fd);
				continue;
			}
			if (length == 1 && write(fds[i].fd, buffer, 1) != 1)
				warn("cannot answer");
		}
		fds[kept++] = fds[i];
	}
	return kept;
}

static int serve(in_port_t port)
{
	const struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(port) };
	static struct pollfd fds[1 + HELD_MAX];
	char *buffer = malloc(MIB);
	nfds_t count = 1;

	fds[0] = (struct pollfd){ .fd = make_socket(), .events = POLLIN };
	if (!buffer || bind(fds[0].fd, (const struct sockaddr *)&any, sizeof(any)) ||
	    listen(fds[0].fd, 1024))
		err(1, "cannot listen");
	for (;;) {
		if (poll(fds, count, -1) < 0)
			err(1, "cannot poll");
		count = serve_ready(fds, count, buffer);
		if (fds[0].revents && count < 1 + HELD_MAX)
			fds[count++] = (struct pollfd){ .fd = accept(fds[0].fd, NULL, NULL),
							.events = POLLIN };
	}
}

static void exchange_byte(int fd)
{
	char byte = 'x';

	if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1)
		err(1, "no answer");
}

static void bulk(const struct sockaddr_in *server, unsigned long mib)
{
	char *buffer = calloc(1, MIB);
	int fd = connect_to(server);
	size_t left;
	ssize_t written;

	if (!buffer)
		err(1, "cannot allocate");
	for (; mib; mib--) {
		for (left = MIB; left; left -= (size_t)written) {
			written = write(fd, buffer, left);
			if (written < 0)
				err(1, "cannot send");
		}
	}
	/* Closed by the peer when it has read all. */
	shutdown(fd, SHUT_WR);
	if (read(fd, buffer, 1) != 0)
		err(1, "not all arrived");
	close(fd);
	free(buffer);
}

static void many(const struct sockaddr_in *server, unsigned long count)
{
	int fd;

	for (; count; count--) {
		fd = connect_to(server);
		exchange_byte(fd);
		close(fd);
	}
}

static void hold(const struct sockaddr_in *server, unsigned long count)
{
	int fd = -1;
	char byte;

	for (; count; count--) {
		fd = connect_to(server);
		exchange_byte(fd);
	}
	puts("held");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0) {
		if (write(fd, &byte, 1) != 1)
			err(1, "cannot send");
	}
}

int main(int argc, char **argv)
{
	const struct rlimit files = { HELD_MAX + 64, HELD_MAX + 64 };
	struct sockaddr_in server = { .sin_family = AF_INET };
	unsigned long long busy;

	setrlimit(RLIMIT_NOFILE, &files);
	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		return serve((in_port_t)atoi(argv[2]));
	if (argc != 5 || inet_pton(AF_INET, argv[2], &server.sin_addr) != 1)
		errx(2, "usage: see the source");
	server.sin_port = htons((in_port_t)atoi(argv[3]));
	busy = now_ns() - idle_ns();
	if (strcmp(argv[1], "bulk") == 0)
		bulk(&server, strtoul(argv[4], NULL, 10));
	else if (strcmp(argv[1], "short") == 0)
		many(&server, strtoul(argv[4], NULL, 10));
	else
		hold(&server, strtoul(argv[4], NULL, 10));
	poll(NULL, 0, SETTLE_MS);
	printf("%llu\n", now_ns() - idle_ns() - busy);
	return 0;
}
