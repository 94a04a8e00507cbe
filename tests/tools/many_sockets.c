// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes TCP sockets in many threads at once, or sockets of another protocol, and prints how many of them
 * are MPTCP.
 *
 * usage: many_sockets THREADS SOCKETS-OF-EACH [PROTOCOL]
 */
#include <err.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define THREADS_MAX 256

static unsigned long sockets_each;
static int protocol_wanted;

static unsigned long make_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, protocol_wanted), protocol = 0;
	socklen_t length = sizeof(protocol);

	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length))
		err(1, "cannot make a socket");
	close(fd);
	return protocol == IPPROTO_MPTCP;
}

static void *make_sockets(void *count)
{
	unsigned long i;

	for (i = 0; i < sockets_each; i++)
		*(unsigned long *)count += make_socket();
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long counts[THREADS_MAX] = { 0 }, threads, total = 0, i;
	pthread_t started[THREADS_MAX];

	if (argc != 3 && argc != 4)
		errx(2, "usage: many_sockets THREADS SOCKETS-OF-EACH [PROTOCOL]");
	threads = strtoul(argv[1], NULL, 10);
	sockets_each = strtoul(argv[2], NULL, 10);
	if (argc == 4)
		protocol_wanted = atoi(argv[3]);
	if (threads > THREADS_MAX)
		errx(2, "too many threads: at most %d", THREADS_MAX);
	for (i = 0; i < threads; i++) {
		if (pthread_create(&started[i], NULL, make_sockets, &counts[i]))
			errx(1, "cannot start a thread");
	}
	for (i = 0; i < threads; i++) {
		pthread_join(started[i], NULL);
		total += counts[i];
	}
	printf("%lu\n", total);
	return 0;
}
