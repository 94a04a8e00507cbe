/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the command line that both tools share: commands, -q, -v, -h and -V. */
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
	const char *args;    /* the rest of its usage line */
	const char *summary; /* for the tool's --help */
	int (*main)(int argc, char **argv);
};

/*
 * The main function of a tool. The first command, which has the tool's name, is what the tool does without a
 * command. An entry without a name ends the list. Returns the exit status.
 */
int command_main(const struct command *commands, int argc, char **argv);

/*
 * Parse the command line of a command. flags are passed to argp_parse(). Starts the log at the level that -q
 * and -v select. Exits if the command line is invalid, or requests the help or the version.
 */
void command_parse(const struct argp *argp, unsigned int flags, int argc, char **argv, void *input);

/* The shared options, and errors about unexpected arguments: a child of each parser. It needs no input. */
extern const struct argp common_argp;

#endif /* COMMAND_H */
