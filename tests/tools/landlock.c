// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a command in Landlock domains, one in the other, each of which denies everything that it
 * handles:
 *
 *	landlock HANDLED[,HANDLED...] COMMAND [ARG...]
 *
 * HANDLED is connect or bind (TCP, to any port), or make_sock (to create sockets in a file system).
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

/* As of Linux 6.7, which the installed headers may not know. */
struct ruleset {
	__u64 handled_access_fs;
	__u64 handled_access_net;
};

#define NET_BIND_TCP	(1ULL << 0)
#define NET_CONNECT_TCP (1ULL << 1)

static void enter_domain(const char *handled)
{
	struct ruleset ruleset = { 0 };
	int fd;

	if (strcmp(handled, "connect") == 0)
		ruleset.handled_access_net = NET_CONNECT_TCP;
	else if (strcmp(handled, "bind") == 0)
		ruleset.handled_access_net = NET_BIND_TCP;
	else if (strcmp(handled, "make_sock") == 0)
		ruleset.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_SOCK;
	else
		errx(2, "'%s': expected connect, bind or make_sock", handled);
	fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);
	if (fd < 0)
		err(1, "cannot create a ruleset");
	if (syscall(SYS_landlock_restrict_self, fd, 0))
		err(1, "cannot enter a domain");
	close(fd);
}

int main(int argc, char **argv)
{
	char *handled;

	if (argc < 3)
		errx(2, "usage: landlock HANDLED[,HANDLED...] COMMAND [ARG...]");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err(1, "cannot give up new privileges");
	while ((handled = strsep(&argv[1], ",")))
		enter_domain(handled);
	execvp(argv[2], argv + 2);
	err(127, "cannot run '%s'", argv[2]);
}
