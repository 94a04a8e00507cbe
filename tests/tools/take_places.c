// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes places of enforcers without enforcing anything: COUNT processes join through the program of the mptcp-force
 * that runs, as it does itself, and stay until the end of standard input. One process per place takes a second for
 * all, where starting that many enforcers takes minutes.
 *
 * usage: take_places COUNT; prints how many places they got
 */
#include <err.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "force/force.h"

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int is_named(int program, const char *name)
{
	struct bpf_prog_info info = { 0 };
	union bpf_attr attr = { .info = { .bpf_fd = (uint32_t)program,
					  .info_len = sizeof(info),
					  .info = (uint64_t)(uintptr_t)&info } };

	return !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) && strcmp(info.name, name) == 0;
}

static int find_program(const char *name)
{
	union bpf_attr next = { 0 };

	while (!bpf(BPF_PROG_GET_NEXT_ID, &next)) {
		union bpf_attr attr = { .prog_id = next.next_id };
		int program = bpf(BPF_PROG_GET_FD_BY_ID, &attr);

		if (program >= 0 && is_named(program, name))
			return program;
		if (program >= 0)
			close(program);
		next.start_id = next.next_id;
	}
	errx(1, "no program '%s': is mptcp-force running?", name);
}

/* Joins as this process. Returns whether there was a place. */
static int join(int program)
{
	union bpf_iter_link_info this_process = { .task.tid = (uint32_t)getpid() };
	union bpf_attr link = { .link_create = { .prog_fd = (uint32_t)program,
						 .attach_type = BPF_TRACE_ITER,
						 .iter_info = (uint64_t)(uintptr_t)&this_process,
						 .iter_info_len = sizeof(this_process) } };
	union bpf_attr iterator = { 0 };
	struct force_joined joined = { 0 };
	int fd;

	fd = bpf(BPF_LINK_CREATE, &link);
	if (fd < 0)
		err(1, "cannot link");
	iterator.iter_create.link_fd = (uint32_t)fd;
	fd = bpf(BPF_ITER_CREATE, &iterator);
	if (fd < 0 || read(fd, &joined, sizeof(joined)) < 0)
		err(1, "cannot join");
	return joined.identity != 0;
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0, taken = 0, results[2];
	int program = find_program("join_enforcers");
	char result;

	if (pipe(results))
		err(1, "pipe");
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			result = (char)join(program);
			if (write(results[1], &result, 1) != 1)
				_exit(1);
			pause();
			_exit(0);
		}
		if (read(results[0], &result, 1) != 1)
			err(1, "read");
		taken += result;
	}
	printf("%d\n", taken);
	fflush(stdout);
	while (read(STDIN_FILENO, &result, 1) > 0)
		;
	return 0;
}
