/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STATUS_COMMAND_H
#define STATUS_COMMAND_H

/* mptcp-force status: report what is attached. Returns the exit status. */
int status_main(int argc, char **argv);

#endif /* STATUS_COMMAND_H */
