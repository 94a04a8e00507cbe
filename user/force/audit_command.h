/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AUDIT_COMMAND_H
#define AUDIT_COMMAND_H

/* The command 'audit': report what programs do that MPTCP would change. */
int audit_main(int argc, char **argv);

#endif /* AUDIT_COMMAND_H */
