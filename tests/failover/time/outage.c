// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How long a program waits when a path dies: a client that watches the data come, and its server,
 * both with Multipath TCP sockets of their own.
 *
 * usage: outage serve PORT
 *        outage pulse ADDRESS PORT AFTER_MS INTERVAL_MS
 *        outage ask ADDRESS PORT AFTER_MS INTERVAL_MS
 *        outage bulk ADDRESS PORT AFTER_MS
 *
 * pulse sends a message each INTERVAL_MS, whether or not the one before has come back; ask waits
 * until it has; bulk reads what the server sends as fast as it can. When there are two subflows and
 * data has been flowing for WARM_UP_MS, the client writes 'ready'. A line on its standard input is
 * the mark: from there it goes on for AFTER_MS, and longer while nothing comes. Then it writes one
 * line of JSON:
 *
 *	outage_ms	the longest time without new data, of those that ended after 'ready'
 *	slowest_ms	the longest time from sending a message to its coming back; bulk: 0
 *	overslept_ms	the longest time that the client was woken too late: a busy machine's doing
 *	bytes		received since the mark
 *
 * Exit status: 0 reported, 1 the connection broke, never had two subflows, or never resumed.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/mptcp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_SIZE 512
#define BUFFER_SIZE  65536
#define WARM_UP_MS   300
#define DEADLINE_MS  20000 /* of everything: to connect, and to go on */
#define FLOWING_MS   250   /* data that came less than this (or two intervals) ago comes */
#define IN_FLIGHT    4096

struct client {
	int fd;
	int interval_ms; /* 0: bulk */
	bool waits;	 /* for each answer */
	int after_ms;
	double start, ready, mark, next, last;
	double outage, slowest, overslept;
	double sent_at[IN_FLIGHT];
	uint64_t sent, received, received_at_mark;
};

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static int number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (*end || end == text || value < 1 || value > 1000000)
		errx(2, "invalid number '%s': wanted 1 to 1000000", text);
	return value;
}

static struct sockaddr_in address_of(const char *address, const char *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(number(port)) };

	if (inet_pton(AF_INET, address, &sin.sin_addr) != 1)
		errx(2, "invalid address '%s': wanted an IPv4 address", address);
	return sin;
}

static int mptcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), one = 1;

	if (fd < 0)
		err(1, "cannot open an MPTCP socket (is net.mptcp.enabled 1?)");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	return fd;
}

static bool send_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t done = send(fd, data, size, MSG_NOSIGNAL);

		if (done <= 0)
			return false;
		data += done;
		size -= done;
	}
	return true;
}

/* The first byte says what the client wants. */
static void answer(int fd)
{
	static char buffer[BUFFER_SIZE];
	ssize_t got = recv(fd, buffer, 1, 0);

	if (got == 1 && *buffer == 'b')
		while (send_all(fd, buffer, sizeof(buffer)))
			;
	else if (got == 1)
		while ((got = recv(fd, buffer, sizeof(buffer), 0)) > 0 && send_all(fd, buffer, got))
			;
}

static int serve(const char *port)
{
	struct sockaddr_in sin = address_of("0.0.0.0", port);
	int listener = mptcp_socket();

	signal(SIGCHLD, SIG_IGN);
	if (bind(listener, (struct sockaddr *)&sin, sizeof(sin)) || listen(listener, 64))
		err(1, "cannot listen on port %s", port);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			answer(fd);
			_exit(0);
		}
		close(fd);
	}
}

static bool has_two_subflows(int fd)
{
	struct mptcp_info info = { 0 };
	socklen_t size = sizeof(info);

	if (getsockopt(fd, SOL_MPTCP, MPTCP_INFO, &info, &size))
		err(1, "cannot ask for the subflows (a fallback to TCP?)");
	return info.mptcpi_subflows >= 1; /* beside the first */
}

static void start(struct client *c, const char *address, const char *port)
{
	struct sockaddr_in sin = address_of(address, port);

	c->start = now_ms();
	c->fd = mptcp_socket();
	if (connect(c->fd, (struct sockaddr *)&sin, sizeof(sin)))
		err(1, "cannot connect to %s port %s", address, port);
	if (!send_all(c->fd, c->interval_ms ? "p" : "b", 1))
		err(1, "cannot send");
	c->next = c->last = now_ms();
}

static bool is_waiting(const struct client *c)
{
	return c->waits && c->received < c->sent * MESSAGE_SIZE;
}

/* A full buffer is met by waiting here: it cannot be, the messages are few and small. */
static void send_due(struct client *c, double now)
{
	static const char message[MESSAGE_SIZE];

	while (c->interval_ms && now >= c->next && !is_waiting(c)) {
		c->sent_at[c->sent++ % IN_FLIGHT] = now;
		if (!send_all(c->fd, message, sizeof(message)))
			err(1, "cannot send");
		c->next += c->interval_ms;
		if (c->waits && c->next < now)
			c->next = now; /* what was not asked meanwhile, is not */
	}
}

static void receive(struct client *c)
{
	static char buffer[BUFFER_SIZE];
	ssize_t got = recv(c->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	double now = now_ms();
	uint64_t before = c->received / MESSAGE_SIZE, n;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0)
		errx(1, "the connection ended: %s", got ? strerror(errno) : "closed by the server");
	c->received += got;
	if (c->ready && now - c->last > c->outage)
		c->outage = now - c->last;
	c->last = now;
	if (!c->ready || !c->interval_ms)
		return;
	for (n = before; n < c->received / MESSAGE_SIZE; n++)
		if (now - c->sent_at[n % IN_FLIGHT] > c->slowest)
			c->slowest = now - c->sent_at[n % IN_FLIGHT];
}

static void get_ready(struct client *c, double now)
{
	if (c->ready || now - c->start < WARM_UP_MS || !c->received || !has_two_subflows(c->fd))
		return;
	c->ready = now;
	puts("ready");
	fflush(stdout);
}

static void read_mark(struct client *c, double now)
{
	char line[64];

	if (read(STDIN_FILENO, line, sizeof(line)) <= 0)
		errx(1, "no mark on standard input");
	c->mark = now;
	c->received_at_mark = c->received;
}

static bool is_over(const struct client *c, double now)
{
	double flowing = 2 * c->interval_ms > FLOWING_MS ? 2 * c->interval_ms : FLOWING_MS;

	return c->mark && now - c->mark > c->after_ms && now - c->last < flowing;
}

static int watch(struct client *c)
{
	double now = now_ms();

	while (!is_over(c, now)) {
		struct pollfd fds[] = { { .fd = c->fd, .events = POLLIN },
					{ .fd = c->mark ? -1 : STDIN_FILENO, .events = POLLIN } };
		int wait = c->interval_ms && !is_waiting(c) ? (int)(c->next - now) : 20;

		wait = wait < 0 ? 0 : wait;
		poll(fds, 2, wait);
		if (c->ready && now_ms() - now - wait > c->overslept)
			c->overslept = now_ms() - now - wait;
		now = now_ms();
		if (now - c->start > DEADLINE_MS + c->after_ms)
			errx(1, "%s", c->mark ? "the data did not go on" : "no second subflow");
		if (fds[1].revents)
			read_mark(c, now);
		if (fds[0].revents)
			receive(c);
		send_due(c, now);
		get_ready(c, now);
	}
	printf("{\"outage_ms\": %.1f, \"slowest_ms\": %.1f, \"overslept_ms\": %.1f, "
	       "\"bytes\": %llu}\n",
	       c->outage, c->slowest, c->overslept,
	       (unsigned long long)(c->received - c->received_at_mark));
	return 0;
}

int main(int argc, char **argv)
{
	static struct client client;

	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve(argv[2]);
	client.waits = !strcmp(argv[argc > 1], "ask");
	if (!(argc == 6 && (client.waits || !strcmp(argv[1], "pulse"))) &&
	    !(argc == 5 && !strcmp(argv[1], "bulk")))
		errx(2, "usage: outage serve PORT | pulse|ask ADDRESS PORT AFTER_MS INTERVAL_MS"
			" | bulk ADDRESS PORT AFTER_MS");
	client.after_ms = number(argv[4]);
	client.interval_ms = argc == 6 ? number(argv[5]) : 0;
	start(&client, argv[2], argv[3]);
	return watch(&client);
}
