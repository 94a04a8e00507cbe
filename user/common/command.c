// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "exit_status.h"
#include "log.h"
#include "nearest.h"
#include "std_fds.h"
#include "usage.h"

/* Maximum number of commands, including the unnamed one at the end. */
#define COMMANDS_MAX 16

/* All commands of the tool, and the one that runs. */
static const struct command *commands, *running;

static enum log_level level;

/* Instead of argp's own, which have -? for help, where users try -h. */
static const struct argp_option options[] = {
	{ "quiet", 'q', NULL, 0, "Print only errors and warnings to standard error", -1 },
	{ "verbose", 'v', NULL, 0, "Also print messages from libbpf and the kernel", 0 },
	{ "help", 'h', NULL, 0, "Print this help", 0 },
	{ NULL, '?', NULL, OPTION_HIDDEN, NULL, 0 },
	{ "version", 'V', NULL, 0, "Print the version", 0 },
	{ 0 },
};

/* The word after the tool's name; empty for the first command, which has none. */
static const char *word_of(const struct command *command)
{
	const char *space = strchr(command->name, ' ');

	return space ? space + 1 : "";
}

static const struct command *find_command(const char *word)
{
	const struct command *command;

	for (command = commands; command && command->name; command++) {
		if (*word && strcmp(word_of(command), word) == 0)
			return command;
	}
	return NULL;
}

static void print_commands(FILE *out)
{
	const struct command *command;

	if (running != commands || !commands[1].name)
		return;
	fputs("\nCommands (see COMMAND --help):\n", out);
	for (command = commands + 1; command->name; command++)
		fprintf(out, "  %-26s %s\n", word_of(command), command->summary);
}

static void print_usage(FILE *out)
{
	const struct command *command;

	fprintf(out, "Usage: %s %s\n", running->name, running->args);
	for (command = commands + 1; running == commands && command->name; command++)
		fprintf(out, "       %s %s\n", command->name, command->args);
	fputc('\n', out);
}

static void print_help(const struct argp_state *state)
{
	FILE *out = state->out_stream;

	print_usage(out);
	argp_state_help(state, out, ARGP_HELP_PRE_DOC);
	print_commands(out);
	fputc('\n', out);
	argp_state_help(state, out, ARGP_HELP_LONG | ARGP_HELP_POST_DOC | ARGP_HELP_EXIT_OK);
}

static void refuse_argument(const char *argument)
{
	if (running == commands && find_command(argument))
		usage_error("'%s' must be the first argument", argument);
	usage_error("unexpected argument '%s'", argument);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		level = LOG_NOTICES;
		/* getopt prints what is wrong; usage_hint() replaces what argp would print after it. */
		state->err_stream = NULL;
		return 0;
	case 'q':
		level = LOG_WARNINGS;
		return 0;
	case 'v':
		level = LOG_DEBUG;
		return 0;
	case 'h':
	case '?':
		print_help(state);
		return 0;
	case 'V':
		fprintf(state->out_stream, "%s\n", argp_program_version);
		exit(EXIT_SUCCESS);
	case ARGP_KEY_ARG:
		refuse_argument(arg);
		return 0;
	case ARGP_KEY_SUCCESS:
		log_start(level);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp common_argp = { .options = options, .parser = parse_option };

void command_parse(const struct argp *argp, unsigned int flags, int argc, char **argv, void *input)
{
	error_t err = argp_parse(argp, argc, argv, flags | ARGP_NO_HELP, NULL, input);

	if (err == EINVAL) {
		usage_hint();
		exit(STATUS_USAGE);
	}
	if (err) {
		log_error("cannot parse the command line: %s", strerror(err));
		exit(STATUS_FAILED);
	}
}

static _Noreturn void refuse_command(const char *word)
{
	const char *words[COMMANDS_MAX] = { NULL }, *nearest;
	char list[COMMANDS_MAX * 16] = "";
	size_t count, length = 0;

	for (count = 0; commands[count + 1].name && count < COMMANDS_MAX - 1; count++) {
		words[count] = word_of(&commands[count + 1]);
		length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s",
					   count ? ", " : "", words[count]);
	}
	nearest = nearest_word(word, strlen(word), words);
	if (nearest)
		usage_error("unknown command '%s' (did you mean '%s'?)", word, nearest);
	usage_error("unknown command '%s' (the commands are %s)", word, list);
}

int command_main(const struct command *all, int argc, char **argv)
{
	ensure_std_fds();
	log_start(LOG_NOTICES);
	commands = running = all;
	argv[0] = (char *)all->name;
	usage_set_name(all->name);
	if (argc > 1 && argv[1][0] != '-') {
		running = find_command(argv[1]);
		if (!running)
			refuse_command(argv[1]);
		argc--;
		argv++;
	}
	usage_set_name(running->name);
	argv[0] = (char *)running->name; /* the prefix of getopt's messages */
	return running->main(argc, argv);
}
