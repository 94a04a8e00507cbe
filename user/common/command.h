/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both tools have in common on their command lines: commands, -q, -v, -h and -V. */
#ifndef COMMAND_H
#define COMMAND_H

#include <argp.h>

/* For help texts. */
#define EXIT_STATUSES                                                                              \
	"Exit status: 0 success, 1 failure, 2 usage error, 3 kernel not supported,\n4 not "        \
	"permitted."

/* A command is the first argument of its tool. */
struct command {
	const char *name;    /* in full, such as "mptcp-force run" */
	const char *args;    /* what follows in its usage line */
	const char *summary; /* in the help of the tool */
	int (*main)(int argc, char **argv);
};

/*
 * The main function of a tool. The first command is what the tool does without one, and has its name;
 * behind the last is one without a name. Returns the exit status.
 */
int command_main(const struct command *commands, int argc, char **argv);

/*
 * Parse the command line of a command. flags are for argp_parse(). Starts the log by -q and -v; ends the
 * process where the command line is wrong, or asks for help or the version.
 */
void command_parse(const struct argp *argp, unsigned int flags, int argc, char **argv, void *input);

/* These options, and what is wrong with other arguments: a child of each parser. It needs no input. */
extern const struct argp common_argp;

#endif /* COMMAND_H */
