// SPDX-License-Identifier: GPL-2.0-or-later
/* Sockets inside and outside the forced cgroup, and connections between them. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe.h"

/* Sockets that the process outside sends at a time; the kernel passes at most 253. */
#define BATCH 64
/* How long a connection may take that is expected. Emulated machines are slow. */
#define DEADLINE_MS 20000
/* The same for one that an option may prevent. */
#define DOUBTFUL_MS 1000

static const struct family *family;
static int outside = -1;
static int batch[BATCH];
static int batch_left;

union control {
	char bytes[CMSG_SPACE(sizeof(batch))];
	struct cmsghdr align;
};

static int new_socket(void)
{
	int fd = socket(family->domain, SOCK_STREAM, 0);

	if (fd < 0)
		give_up("create a socket");
	return fd;
}

static void send_batch(int to)
{
	union control control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int sockets[BATCH];

	for (int i = 0; i < BATCH; i++)
		sockets[i] = new_socket();
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(sockets));
	memcpy(CMSG_DATA(header), sockets, sizeof(sockets));
	if (sendmsg(to, &message, 0) < 0)
		give_up("send sockets");
	for (int i = 0; i < BATCH; i++)
		close(sockets[i]);
}

/* A socket belongs to the cgroup of the process that creates it, whichever process uses it. */
static void receive_batch(void)
{
	union control control = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;

	if (write(outside, &byte, 1) != 1 || recvmsg(outside, &message, 0) != 1)
		give_up("receive sockets");
	header = CMSG_FIRSTHDR(&message);
	if (!header || header->cmsg_len != CMSG_LEN(sizeof(batch)))
		give_up("receive all sockets");
	memcpy(batch, CMSG_DATA(header), sizeof(batch));
	batch_left = BATCH;
}

static void start_outside(void)
{
	int ends[2];
	char byte;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0)
		give_up("create a socket pair");
	switch (fork()) {
	case -1:
		give_up("fork");
	case 0:
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		while (read(ends[1], &byte, 1) == 1)
			send_batch(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	outside = ends[0];
}

void sockets_init(const struct family *of, const char *forced_cgroup)
{
	char path[4096];
	FILE *processes;

	family = of;
	start_outside();
	snprintf(path, sizeof(path), "%s/cgroup.procs", forced_cgroup);
	processes = fopen(path, "we");
	if (!processes || fprintf(processes, "%d\n", getpid()) < 0 || fclose(processes) != 0)
		give_up("enter the forced cgroup");
}

int socket_new(enum origin origin)
{
	if (origin == FORCED)
		return new_socket();
	if (batch_left == 0)
		receive_batch();
	return batch[--batch_left];
}

static socklen_t set_address(struct sockaddr_storage *storage)
{
	struct sockaddr_in6 *inet6 = (struct sockaddr_in6 *)storage;
	struct sockaddr_in *inet = (struct sockaddr_in *)storage;

	memset(storage, 0, sizeof(*storage));
	storage->ss_family = family->domain;
	if (family->domain == AF_INET) {
		inet_pton(AF_INET, family->address, &inet->sin_addr);
		return sizeof(*inet);
	}
	inet_pton(AF_INET6, family->address, &inet6->sin6_addr);
	return sizeof(*inet6);
}

int socket_listen(int fd)
{
	struct sockaddr_storage address;
	socklen_t size = set_address(&address);

	if (bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 8) < 0)
		return -1;
	return fcntl(fd, F_SETFL, O_NONBLOCK);
}

static int readable(int fd, int deadline_ms)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, deadline_ms) == 1 && (wait.revents & POLLIN);
}

/* Data in both directions, so that MPTCP has completed its handshake. */
static int exchange(int from, int to)
{
	char byte = 'x';

	return send(from, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1 &&
	       readable(to, DEADLINE_MS) && recv(to, &byte, 1, 0) == 1;
}

/* Some options defer or prevent a connection: the data gets those through that wait for it. */
struct connection connection_new(int client, int listener)
{
	struct connection connection = { .connected = client, .accepted = -1 };
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	char byte = 'x';

	if (getsockname(listener, (struct sockaddr *)&address, &size) < 0)
		give_up("read a listener's address");
	if (fcntl(client, F_SETFL, O_NONBLOCK) < 0)
		give_up("make a socket non-blocking");
	if (connect(client, (struct sockaddr *)&address, size) < 0 && errno != EINPROGRESS)
		return connection;
	(void)!send(client, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (readable(listener, DOUBTFUL_MS))
		connection.accepted = accept(listener, NULL, NULL);
	if (connection.accepted < 0)
		return connection;
	if (readable(connection.accepted, DOUBTFUL_MS))
		(void)!recv(connection.accepted, &byte, 1, 0);
	exchange(connection.accepted, client);
	return connection;
}

void connection_close(struct connection *connection)
{
	close(connection->connected);
	if (connection->accepted >= 0)
		close(connection->accepted);
}
