/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output as a pipe, for what writes to it. */
#ifndef STDOUT_PIPE_H
#define STDOUT_PIPE_H

/* From here on standard output is a pipe; returns its other end, from which reads do not block ... */
int stdout_pipe_start(void);

/* ... until here. Before anything is asserted, or cmocka's own lines go there. */
void stdout_pipe_end(void);

/* Fills the pipe, so that writing another byte would block. */
void stdout_pipe_fill(void);

/* All there is in the pipe now, NUL-terminated; valid until the next call. */
const char *stdout_pipe_read(int fd);

#endif /* STDOUT_PIPE_H */
