// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opens many MPTCP connections over the loopback interface, both ends of each.
 *
 * usage: connections short COUNT PORT   one after the other: each carries a byte and is closed, by the client first
 *        connections hold COUNT PORT    all at once, held until standard input ends
 *        connections plain COUNT PORT   the same to a TCP listener, so that they fall back
 *        connections failed COUNT       holds sockets whose connect() failed because there is no route
 *
 * What holds prints 'held' once all are open. A line of input then closes the listener, and 'closed' is the answer.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static int make_socket(int protocol)
{
	int fd = socket(AF_INET, SOCK_STREAM, protocol);

	if (fd < 0)
		err(1, "cannot make a socket");
	return fd;
}

/* Two for each connection, and some. */
static void raise_file_limit(long count)
{
	struct rlimit limit = { .rlim_cur = (rlim_t)count * 2 + 64 };

	limit.rlim_max = limit.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "cannot open %ld files", (long)limit.rlim_cur);
}

static int listen_at(const struct sockaddr_in *address, int protocol)
{
	int listener = make_socket(protocol), on = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (const struct sockaddr *)address, sizeof(*address)) ||
	    listen(listener, 16))
		err(1, "cannot listen");
	return listener;
}

struct ends {
	int client, server;
};

/* A connection that has carried a byte, to the address of that number: one address has some 28,000 ports. */
static struct ends connect_once(int listener, const struct sockaddr_in *address, long number)
{
	struct ends ends = { .client = make_socket(IPPROTO_MPTCP) };
	struct sockaddr_in destination = *address;
	char byte = 0;

	destination.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (in_addr_t)(number / 20000));
	if (connect(ends.client, (const struct sockaddr *)&destination, sizeof(destination)))
		err(1, "cannot connect");
	ends.server = accept(listener, NULL, NULL);
	if (ends.server < 0)
		err(1, "cannot accept");
	if (write(ends.client, &byte, 1) != 1 || read(ends.server, &byte, 1) != 1)
		err(1, "cannot send a byte");
	return ends;
}

static void close_both(struct ends ends)
{
	char byte;

	close(ends.client);
	if (read(ends.server, &byte, 1) != 0)
		err(1, "the connection does not end");
	close(ends.server);
}

static void fail_once(const struct sockaddr_in *nowhere)
{
	int fd = make_socket(IPPROTO_MPTCP);

	if (connect(fd, (const struct sockaddr *)nowhere, sizeof(*nowhere)) == 0)
		errx(1, "connected to nowhere");
	if (errno != ENETUNREACH)
		err(1, "cannot fail as wanted");
}

static void make_short(int listener, const struct sockaddr_in *address, long count)
{
	for (; count > 0; count--)
		close_both(connect_once(listener, address, 0));
}

static void hold_connections(int listener, const struct sockaddr_in *address, long count)
{
	long number;

	for (number = 0; number < count; number++)
		connect_once(listener, address, number);
}

static void hold_failed(long count)
{
	struct sockaddr_in nowhere = { .sin_family = AF_INET, .sin_port = htons(9) };
	long number;

	inet_pton(AF_INET, "192.0.2.1", &nowhere.sin_addr);
	for (number = 0; number < count; number++)
		fail_once(&nowhere);
}

static void hold_until_the_end(int listener)
{
	char line[16];

	puts("held");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		close(listener);
		puts("closed");
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const char *what = argc > 2 ? argv[1] : "";
	int listener = -1;
	long count;

	if (argc != (strcmp(what, "failed") == 0 ? 3 : 4))
		errx(2,
		     "usage: connections short|hold|plain COUNT PORT, or connections failed COUNT");
	count = atol(argv[2]);
	if (argc == 4) {
		address.sin_port = htons((uint16_t)atoi(argv[3]));
		listener = listen_at(&address,
				     strcmp(what, "plain") == 0 ? IPPROTO_TCP : IPPROTO_MPTCP);
	}
	if (strcmp(what, "short") == 0) {
		make_short(listener, &address, count);
		return 0;
	}
	raise_file_limit(count);
	if (listener < 0)
		hold_failed(count);
	else
		hold_connections(listener, &address, count);
	hold_until_the_end(listener);
	return 0;
}
