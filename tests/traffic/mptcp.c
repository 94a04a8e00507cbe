// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A server and a client that ask for Multipath TCP themselves: what mptcp-force spares a program, and what
 * it is compared with. Nothing but the protocol in socket(2) differs from TCP; the rest of MPTCP here is
 * to show what became of it.
 *
 * usage: mptcp server [PORT]
 *        mptcp client ADDRESS PORT [SECONDS]
 *
 * The client sends a numbered message ten times a second, waits for it to come back, and prints each second
 * how that went. Exit status: 0 every message came back as it was, 1 not so, 2 usage.
 */
#include <err.h>
#include <errno.h>
#include <linux/mptcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_PORT "5003"
#define MESSAGE_SIZE 512
#define INTERVAL_NS  100000000
#define NSEC_PER_SEC INT64_C(1000000000)

/* What a run came to. */
struct tally {
	unsigned long answers;
	int64_t longest_ns; /* without an answer */
};

static volatile sig_atomic_t ended;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

static struct addrinfo *look_up(const char *address, const char *port, int flags)
{
	const struct addrinfo hints = { .ai_flags = flags | AI_NUMERICHOST | AI_NUMERICSERV,
					.ai_family = AF_UNSPEC,
					.ai_socktype = SOCK_STREAM };
	struct addrinfo *found;
	int error = getaddrinfo(address, port, &hints, &found);

	if (error)
		errx(2, "cannot use address '%s' port '%s': %s", address, port,
		     gai_strerror(error));
	return found;
}

static int mptcp_socket(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);

	if (fd < 0)
		err(1, "cannot make an MPTCP socket (see 'sysctl net.mptcp.enabled')");
	return fd;
}

/* Sends back what comes in. */
static void echo(int fd)
{
	char buffer[16384];
	ssize_t length, done, n;

	while ((length = read(fd, buffer, sizeof(buffer))) > 0) {
		for (done = 0; done < length; done += n) {
			n = write(fd, buffer + done, (size_t)(length - done));
			if (n < 0)
				err(1, "cannot send");
		}
	}
}

static int serve(const char *port)
{
	struct addrinfo *to = look_up("::", port, AI_PASSIVE);
	int yes = 1, listener = mptcp_socket(to->ai_family), fd;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(listener, to->ai_addr, to->ai_addrlen) || listen(listener, SOMAXCONN))
		err(1, "cannot listen on port %s", port);
	freeaddrinfo(to);
	signal(SIGCHLD, SIG_IGN);
	fprintf(stderr, "listening on port %s\n", port);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			err(1, "cannot accept a connection");
		if (!fork()) {
			close(listener);
			echo(fd);
			_exit(0);
		}
		close(fd);
	}
}

static void read_all(int fd, char *buffer, size_t size)
{
	size_t done;
	ssize_t n;

	for (done = 0; done < size; done += (size_t)n) {
		n = read(fd, buffer + done, size - done);
		if (n < 0)
			err(1, "the connection failed");
		if (!n)
			errx(1, "the server closed the connection");
	}
}

static void exchange(int fd, unsigned long number)
{
	char sent[MESSAGE_SIZE], received[MESSAGE_SIZE];

	memset(sent, 'a' + (int)(number % 26), sizeof(sent));
	snprintf(sent, sizeof(sent), "message %lu", number);
	if (write(fd, sent, sizeof(sent)) != sizeof(sent))
		err(1, "cannot send");
	read_all(fd, received, sizeof(received));
	if (memcmp(sent, received, sizeof(sent)))
		errx(1, "message %lu came back altered", number);
}

/* What only a program that knows of MPTCP can find out. */
static void describe(int fd, char *text, size_t size)
{
	struct mptcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (getsockopt(fd, SOL_MPTCP, MPTCP_INFO, &info, &length))
		snprintf(text, size, "fallen back to TCP");
	else
		snprintf(text, size, "MPTCP, subflows: %d", info.mptcpi_subflows + 1);
}

static void print_progress(int fd, int64_t elapsed, const struct tally *tally)
{
	char state[64];

	describe(fd, state, sizeof(state));
	printf("%3d s  %4lu answers  longest outage %5d ms  %s\n", (int)(elapsed / NSEC_PER_SEC),
	       tally->answers, (int)(tally->longest_ns / 1000000), state);
	fflush(stdout);
}

static int talk(const char *address, const char *port, long seconds)
{
	const struct timespec pause = { .tv_nsec = INTERVAL_NS };
	struct addrinfo *to = look_up(address, port, 0);
	int64_t began, last, now, printed = 0;
	int fd = mptcp_socket(to->ai_family);
	struct tally tally = { 0 };

	if (connect(fd, to->ai_addr, to->ai_addrlen))
		err(1, "cannot connect to '%s' port %s", address, port);
	freeaddrinfo(to);
	began = last = now = now_ns();
	while (!ended && (!seconds || now - began < seconds * NSEC_PER_SEC)) {
		exchange(fd, tally.answers++);
		now = now_ns();
		if (now - last > tally.longest_ns)
			tally.longest_ns = now - last;
		last = now;
		if (now - began - printed >= NSEC_PER_SEC) {
			printed += NSEC_PER_SEC;
			print_progress(fd, now - began, &tally);
		}
		nanosleep(&pause, NULL);
	}
	print_progress(fd, now_ns() - began, &tally);
	return 0;
}

static long parse_seconds(const char *text)
{
	char *rest;
	long seconds;

	errno = 0;
	seconds = strtol(text, &rest, 10);
	if (errno || rest == text || *rest || seconds < 1 || seconds > 86400)
		errx(2, "invalid SECONDS '%s': wanted 1 to 86400", text);
	return seconds;
}

int main(int argc, char **argv)
{
	/* Without SA_RESTART: a signal ends the wait for an answer, too. */
	const struct sigaction on_end = { .sa_handler = end };
	bool server = argc > 1 && !strcmp(argv[1], "server");

	signal(SIGPIPE, SIG_IGN);
	if (server && argc <= 3)
		return serve(argc > 2 ? argv[2] : DEFAULT_PORT);
	if (argc < 4 || argc > 5 || strcmp(argv[1], "client"))
		errx(2, "usage: mptcp server [PORT] | mptcp client ADDRESS PORT [SECONDS]");
	sigaction(SIGINT, &on_end, NULL);
	return talk(argv[2], argv[3], argc > 4 ? parse_seconds(argv[4]) : 0);
}
