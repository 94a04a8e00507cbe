/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DETACH_COMMAND_H
#define DETACH_COMMAND_H

/* mptcp-force detach: end what 'attach' began. Returns the exit status. */
int detach_main(int argc, char **argv);

#endif /* DETACH_COMMAND_H */
