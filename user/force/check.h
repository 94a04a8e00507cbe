/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECK_H
#define CHECK_H

/* mptcp-force check: what this host can do. Returns the exit status of the tool. */
int check_main(int argc, char **argv);

#endif /* CHECK_H */
