/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MPTCP_FORCE_TESTS_SOCKOPT_PROBE_H
#define MPTCP_FORCE_TESTS_SOCKOPT_PROBE_H

#include <stddef.h>

struct option {
	int level;
	int number;
	/* Empty when the installed headers do not define it. */
	const char *name;
};

struct family {
	const char *name;
	int domain;
	/* What its sockets bind and connect to. */
	const char *address;
};

/* Which cgroup a socket is created in. */
enum origin {
	PLAIN,
	FORCED,
};

/* The two ends of one connection; -1 if it was not established. */
struct connection {
	int connected;
	int accepted;
};

_Noreturn void give_up(const char *what);

/* sockets.c */
void sockets_init(const struct family *family, const char *forced_cgroup);
int socket_new(enum origin origin);
int socket_listen(int fd);
struct connection connection_new(int client, int listener);
void connection_close(struct connection *connection);

/* values.c: special values of an option that a number does not express. */
#define SPECIAL_VALUES 2

struct special {
	int level;
	int number;
	const void *bytes;
	int size;
};

const struct special *special_value(const struct option *option, size_t index);

/* steps.c: every call that is tried on a socket; one word of output for each. */
void steps_init(void);
void print_step_names(void);
void print_steps(int fd, const struct option *option);
int set_common(int fd, const struct option *option);
void print_error(int error);
void print_value(int fd, const struct option *option);

#endif
