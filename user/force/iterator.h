/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read what a BPF iterator writes. */
#ifndef ITERATOR_H
#define ITERATOR_H

#include <stddef.h>
#include <sys/types.h>

union bpf_iter_link_info;

/* A descriptor to read what the iterator writes, of the selected tasks or, with NULL, of all; or -errno. */
int iterator_open(int program, union bpf_iter_link_info *selection);

/* Read it to its end, for what it does on the way. The link can be read many times, without capabilities. */
void iterator_run(int link);

/* Returns how many bytes, 0 at the end, or -errno. */
ssize_t iterator_read(int iterator, void *buffer, size_t size);

#endif /* ITERATOR_H */
