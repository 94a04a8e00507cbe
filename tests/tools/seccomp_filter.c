// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a command under a seccomp filter that refuses socket() with this protocol, with EACCES:
 *
 *	seccomp_filter PROTOCOL COMMAND [ARG...]
 */
#include <err.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

/* The low half of the third argument: protocol. */
#define PROTOCOL (offsetof(struct seccomp_data, args[2]))

int main(int argc, char **argv)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, PROTOCOL),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { .len = sizeof(filter) / sizeof(filter[0]),
					    .filter = filter };

	if (argc < 3)
		errx(2, "usage: seccomp_filter PROTOCOL COMMAND [ARG...]");
	filter[3].k = (__u32)atoi(argv[1]);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		err(1, "cannot set the filter");
	execvp(argv[2], argv + 2);
	err(127, "cannot run '%s'", argv[2]);
}
