// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes many MPTCP sockets and holds them until its standard input ends.
 *
 * usage: hold connected COUNT PORT   connections over the loopback interface, both ends
 *        hold plain COUNT PORT       the same to a TCP listener, so that they fall back
 *        hold failed COUNT           sockets whose connect() failed, since there is no route
 *
 * Prints 'held' when all are there. A line of input closes the listener, which is answered by 'closed'.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdbool.h>
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

/* There are some 28,000 ports to connect from, to one address. */
static void connect_once(int listener, const struct sockaddr_in *address, long number)
{
	struct sockaddr_in destination = *address;
	int client = make_socket(IPPROTO_MPTCP), server;
	char byte = 0;

	destination.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (in_addr_t)(number / 20000));
	if (connect(client, (const struct sockaddr *)&destination, sizeof(destination)))
		err(1, "cannot connect");
	server = accept(listener, NULL, NULL);
	if (server < 0)
		err(1, "cannot accept");
	if (write(client, &byte, 1) != 1 || read(server, &byte, 1) != 1)
		err(1, "cannot send a byte");
}

static void fail_once(const struct sockaddr_in *nowhere)
{
	int fd = make_socket(IPPROTO_MPTCP);

	if (connect(fd, (const struct sockaddr *)nowhere, sizeof(*nowhere)) == 0)
		errx(1, "connected to nowhere");
	if (errno != ENETUNREACH)
		err(1, "cannot fail as wanted");
}

static int hold_connections(const char *what, long count, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int listener, protocol = strcmp(what, "plain") == 0 ? IPPROTO_TCP : IPPROTO_MPTCP;
	long number;

	address.sin_port = htons((uint16_t)atoi(port));
	listener = listen_at(&address, protocol);
	for (number = 0; number < count; number++)
		connect_once(listener, &address, number);
	return listener;
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
	bool failed = argc == 3 && strcmp(argv[1], "failed") == 0;
	int listener = -1;

	if (!failed && argc != 4)
		errx(2, "usage: hold connected|plain COUNT PORT, or hold failed COUNT");
	raise_file_limit(atol(argv[2]));
	if (failed)
		hold_failed(atol(argv[2]));
	else
		listener = hold_connections(argv[1], atol(argv[2]), argv[3]);
	hold_until_the_end(listener);
	return 0;
}
