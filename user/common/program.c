// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "program.h"

int program_run(const struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);

	return bpf_prog_test_run_opts(bpf_program__fd(program), &options) ? -errno
									  : (int)options.retval;
}

uint64_t program_misses(int program_fd)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(program_fd, &info, &size) ? 0 : info.recursion_misses;
}
