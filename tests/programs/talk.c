// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sends back what comes in, or sends its standard input and prints what comes back; refuses to do
 * so when it was not started as a setuid program, by a user who is not its owner.
 *
 * usage: talk listen|connect ADDRESS PORT
 */
#include <err.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <unistd.h>

/* Copies what one read() yields; false at the end of it. */
static bool copy(int from, int to)
{
	char buffer[4096];
	ssize_t length, done, n;

	length = read(from, buffer, sizeof(buffer));
	if (length < 0)
		err(1, "cannot read");
	for (done = 0; done < length; done += n) {
		n = write(to, buffer + done, length - done);
		if (n < 0)
			err(1, "cannot write");
	}
	return length > 0;
}

static void serve(int listener)
{
	int fd;

	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			err(1, "cannot accept");
		while (copy(fd, fd))
			;
		close(fd);
	}
}

static void talk(int fd)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			err(1, "cannot poll");
		if (fds[1].revents && !copy(STDIN_FILENO, fd)) {
			shutdown(fd, SHUT_WR);
			fds[1].fd = -1;
		}
		if (fds[0].revents && !copy(fd, STDOUT_FILENO))
			return;
	}
}

static struct addrinfo *resolve(const char *address, const char *port)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *found;
	int error;

	error = getaddrinfo(address, port, &hints, &found);
	if (error)
		errx(1, "cannot use '%s' port '%s': %s", address, port, gai_strerror(error));
	return found;
}

int main(int argc, char **argv)
{
	struct addrinfo *peer;
	int fd;

	if (argc != 4)
		errx(2, "usage: talk listen|connect ADDRESS PORT");
	if (!getauxval(AT_SECURE) || getuid() == geteuid())
		errx(1, "not started as a setuid program");

	peer = resolve(argv[2], argv[3]);
	fd = socket(peer->ai_family, peer->ai_socktype, peer->ai_protocol);
	if (fd < 0)
		err(1, "cannot make a socket");
	if (strcmp(argv[1], "listen") == 0) {
		if (bind(fd, peer->ai_addr, peer->ai_addrlen) || listen(fd, 1))
			err(1, "cannot listen at '%s' port '%s'", argv[2], argv[3]);
		serve(fd);
	} else {
		if (connect(fd, peer->ai_addr, peer->ai_addrlen))
			err(1, "cannot connect to '%s' port '%s'", argv[2], argv[3]);
		talk(fd);
	}
	return 0;
}
