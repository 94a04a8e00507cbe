// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "iterator.h"

int iterator_open(int program, union bpf_iter_link_info *selection)
{
	LIBBPF_OPTS(bpf_link_create_opts, options);
	int link, iterator;

	if (selection) {
		options.iter_info = selection;
		options.iter_info_len = sizeof(*selection);
	}
	link = bpf_link_create(program, 0, BPF_TRACE_ITER, &options);
	if (link < 0)
		return -errno;
	iterator = bpf_iter_create(link);
	if (iterator < 0)
		iterator = -errno;
	close(link);
	return iterator;
}

void iterator_run(int link)
{
	int iterator = bpf_iter_create(link);
	char unused[64];

	if (iterator < 0)
		return;
	while (iterator_read(iterator, unused, sizeof(unused)) > 0)
		;
	close(iterator);
}

ssize_t iterator_read(int iterator, void *buffer, size_t size)
{
	ssize_t count;

	do
		count = read(iterator, buffer, size);
	while (count < 0 && errno == EAGAIN);
	return count < 0 ? -errno : count;
}
