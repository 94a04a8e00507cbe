/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ATTACH_COMMAND_H
#define ATTACH_COMMAND_H

/* mptcp-force attach: enforce a scope beyond the end of this process. Returns the exit status. */
int attach_main(int argc, char **argv);

#endif /* ATTACH_COMMAND_H */
