/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_H
#define RUN_H

/* mptcp-force run: one command, enforced, in a cgroup of its own. Returns the exit status. */
int run_main(int argc, char **argv);

#endif /* RUN_H */
