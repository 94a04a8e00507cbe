// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes many short MPTCP connections over the loopback interface, one after the other: each carries a
 * byte and is closed, by the client first.
 *
 * usage: short COUNT PORT
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static int make_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP);

	if (fd < 0)
		err(1, "cannot make an MPTCP socket");
	return fd;
}

static void connect_once(int listener, const struct sockaddr_in *address)
{
	int client = make_socket(), server;
	char byte = 0;

	if (connect(client, (const struct sockaddr *)address, sizeof(*address)))
		err(1, "cannot connect");
	server = accept(listener, NULL, NULL);
	if (server < 0)
		err(1, "cannot accept");
	if (write(client, &byte, 1) != 1 || read(server, &byte, 1) != 1)
		err(1, "cannot send a byte");
	close(client);
	if (read(server, &byte, 1) != 0)
		err(1, "the connection does not end");
	close(server);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int listener = make_socket(), on = 1;
	long left;

	if (argc != 3)
		errx(2, "usage: short COUNT PORT");
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)atoi(argv[2]));
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 16))
		err(1, "cannot listen");
	for (left = atol(argv[1]); left > 0; left--)
		connect_once(listener, &address);
	return 0;
}
