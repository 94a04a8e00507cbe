// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tries every socket option on plain TCP sockets, on forced ones, and on forced ones that fell back to TCP because
 * the peer has no MPTCP, in all states, and prints the results, for compare.py:
 *
 *	probe inet|inet6|mapped FORCED_CGROUP
 *
 * It starts outside the forced cgroup and enters it; a process that stays outside creates the plain sockets. A line
 * is one socket: KIND FAMILY STATE LEVEL NUMBER NAME RESULT, separated by tabs. steps.c describes RESULT.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe.h"

#define NOBODY 65534

static const struct option options[] = {
#include "tests/sockopt/options.h"
};

static const struct family families[] = {
	{ "inet", AF_INET, "127.0.0.1" },
	{ "inet6", AF_INET6, "::1" },
	/* IPv4 by an IPv6 socket. */
	{ "mapped", AF_INET6, "::ffff:127.0.0.1" },
};

/* The sockets that are compared: where the examined socket is created, and where its peer. */
static const struct kind {
	const char *name;
	enum origin own;
	enum origin peer;
} kinds[] = {
	{ "tcp", PLAIN, PLAIN },
	{ "forced", FORCED, FORCED },
	{ "fallback", FORCED, PLAIN },
};

static const struct family *family;
/* Listeners without options, by origin, for the states that do not examine the listener. */
static int listeners[2];

_Noreturn void give_up(const char *what)
{
	fprintf(stderr, "probe: cannot %s: %s\n", what, strerror(errno));
	exit(1);
}

static const char *level_name(int level)
{
	switch (level) {
	case SOL_SOCKET:
		return "SOL_SOCKET";
	case IPPROTO_TCP:
		return "IPPROTO_TCP";
	case IPPROTO_IP:
		return "IPPROTO_IP";
	}
	return "IPPROTO_IPV6";
}

static void begin_line(const struct kind *kind, const char *state, const struct option *option)
{
	printf("%s\t%s\t%s\t%s\t%d\t%s\t", kind->name, family->name, state,
	       level_name(option->level), option->number, option->name);
}

static void examine(const struct kind *kind, const char *state, const struct option *option, int fd)
{
	begin_line(kind, state, option);
	print_steps(fd, option);
	putchar('\n');
}

static void examine_new(const struct kind *kind, const struct option *option)
{
	int fd = socket_new(kind->own);

	examine(kind, "new", option, fd);
	close(fd);
}

/* Some options need a capability. */
static void examine_unprivileged(const struct kind *kind, const struct option *option)
{
	int fd = socket_new(kind->own);

	if (seteuid(NOBODY) < 0)
		give_up("drop privileges");
	examine(kind, "unprivileged", option, fd);
	if (seteuid(0) < 0)
		give_up("regain privileges");
	close(fd);
}

static void examine_listener(const struct kind *kind, const struct option *option)
{
	int fd = socket_new(kind->own);

	if (socket_listen(fd) < 0)
		give_up("listen");
	examine(kind, "listening", option, fd);
	close(fd);
}

static void examine_connected(const struct kind *kind, const struct option *option)
{
	struct connection connection = connection_new(socket_new(kind->own), listeners[kind->peer]);

	if (connection.accepted < 0)
		give_up("connect");
	examine(kind, "connected", option, connection.connected);
	connection_close(&connection);
}

static void examine_accepted(const struct kind *kind, const struct option *option)
{
	struct connection connection = connection_new(socket_new(kind->peer), listeners[kind->own]);

	if (connection.accepted < 0)
		give_up("accept");
	examine(kind, "accepted", option, connection.accepted);
	connection_close(&connection);
}

static void print_inherited(int fd, const struct option *option)
{
	putchar(' ');
	if (fd >= 0)
		print_value(fd, option);
	else
		fputs("unconnected", stdout);
}

/* Set before connect(), read after it. */
static void examine_kept(const struct kind *kind, const struct option *option)
{
	int client = socket_new(kind->own);
	struct connection connection;

	begin_line(kind, "kept", option);
	print_error(set_common(client, option));
	connection = connection_new(client, listeners[kind->peer]);
	print_inherited(connection.accepted < 0 ? -1 : client, option);
	putchar('\n');
	connection_close(&connection);
}

/* Set on the listener, read on a socket that it accepted. */
static void examine_inherited(const struct kind *kind, const struct option *option)
{
	int listener = socket_new(kind->own);
	struct connection connection;

	begin_line(kind, "inherited", option);
	print_error(set_common(listener, option));
	if (socket_listen(listener) < 0) {
		fputs(" unbound\n", stdout);
		close(listener);
		return;
	}
	connection = connection_new(socket_new(kind->peer), listener);
	print_inherited(connection.accepted, option);
	print_inherited(listener, option);
	putchar('\n');
	connection_close(&connection);
	close(listener);
}

static void examine_option(const struct kind *kind, const struct option *option)
{
	/* Sockets without a connection cannot have fallen back. */
	if (kind->own == kind->peer) {
		examine_new(kind, option);
		examine_unprivileged(kind, option);
		examine_listener(kind, option);
	}
	examine_connected(kind, option);
	examine_accepted(kind, option);
	examine_kept(kind, option);
	examine_inherited(kind, option);
}

static void open_listener(enum origin origin)
{
	listeners[origin] = socket_new(origin);
	if (socket_listen(listeners[origin]) < 0)
		give_up("listen");
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(families) / sizeof(families[0]); i++) {
		if (strcmp(families[i].name, argv[1]) == 0)
			family = &families[i];
	}
	if (!family) {
		fputs("Usage: probe inet|inet6|mapped FORCED_CGROUP\n", stderr);
		return 2;
	}
	steps_init();
	sockets_init(family, argv[2]);
	open_listener(PLAIN);
	open_listener(FORCED);
	print_step_names();
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			examine_option(&kinds[k], &options[i]);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
