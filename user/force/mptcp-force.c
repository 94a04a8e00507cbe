// SPDX-License-Identifier: GPL-2.0-or-later
/* mptcp-force: make programs use Multipath TCP. Which verb, and the form without one. */
#include <argp.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "check.h"
#include "enforcement.h"
#include "common/help_options.h"
#include "common/log.h"
#include "common/privileges.h"
#include "run.h"
#include "scope.h"
#include "common/standard_error.h"
#include "common/std_fds.h"

const char *argp_program_version = "mptcp-force " VERSION;

struct force_options {
	enum log_level level;
	struct scope scope;
};

static const struct argp_option options[] = {
	{ "quiet", 'q', NULL, 0, "Only errors on standard error", -1 },
	{ "verbose", 'v', NULL, 0, "Show what libbpf and the kernel say", -1 },
	{ 0 },
};

static const struct verb {
	const char *name;
	const char *full_name; /* as usage messages show it */
	int (*main)(int argc, char **argv);
} verbs[] = {
	{ "run", "mptcp-force run", run_main },
	{ "check", "mptcp-force check", check_main },
};

static const struct verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(name, verbs[i].name) == 0)
			return &verbs[i];
	}
	return NULL;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct force_options *chosen = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &chosen->scope;
		return 0;
	case 'q':
		chosen->level = LOG_ERRORS;
		return 0;
	case 'v':
		chosen->level = LOG_DEBUG;
		return 0;
	case ARGP_KEY_ARG:
		if (find_verb(arg))
			argp_error(state, "'%s' has to be the first argument", arg);
		else
			argp_error(state, "unexpected argument '%s'", arg);
		return 0;
	case ARGP_KEY_END:
		if (!scope_includes_something(&chosen->scope))
			argp_error(state, "no scope: give --cgroup, --comm, --uid or --all");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &scope_argp, 0, "Scope, a union of all that is given:", 1 },
	{ &help_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp force_argp = {
	.options = options,
	.parser = parse_option,
	.children = children,
	.doc = "Make the TCP sockets of programs Multipath TCP sockets, without changing the "
	       "programs, until SIGINT or SIGTERM.\n\n"
	       "With a verb as the first argument it does something else (see VERB --help):\n"
	       "  run -- COMMAND...  run one command whose sockets are MPTCP\n"
	       "  check              tell whether this host can do it\v"
	       "Exit status: 0 done, 1 failed, 2 usage, 3 this kernel cannot, 4 not permitted.",
};

/* Enforcement needs nothing from us but to live: wait for the signal that ends it. */
static void wait_for_signal(int signal_fd, struct enforcer *enforcer)
{
	struct pollfd fds[] = { { .fd = signal_fd, .events = POLLIN },
				{ .fd = enforcer_events_fd(enforcer), .events = POLLIN } };
	struct signalfd_siginfo info;

	while (poll(fds, 2, -1) >= 0 || errno == EINTR) {
		if (fds[1].revents)
			enforcer_report_events(enforcer);
		if (fds[0].revents && read(signal_fd, &info, sizeof(info)) == sizeof(info))
			break;
	}
}

static int enforce_main(int argc, char **argv)
{
	struct force_options chosen = { .level = LOG_NOTICES };
	struct enforcer *enforcer;
	enum exit_status status;
	sigset_t ending;
	int signal_fd;

	log_start(LOG_NOTICES);
	argp_parse(&force_argp, argc, argv, ARGP_NO_HELP, NULL, &chosen);
	log_start(chosen.level);
	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	signal_fd = signalfd(-1, &ending, SFD_CLOEXEC);
	if (signal_fd < 0) {
		log_error("cannot wait for signals: %s", strerror(errno));
		return STATUS_FAILED;
	}
	standard_error_yield_to(signal_fd);
	/* Who read our messages is gone: that is no reason to stop enforcing. */
	signal(SIGPIPE, SIG_IGN);
	status = scope_resolve(&chosen.scope);
	if (!status)
		status = enforcement_start(&enforcer, &chosen.scope);
	if (!status) {
		if (privileges_drop(NULL, 0))
			log_warning("cannot drop privileges");
		wait_for_signal(signal_fd, enforcer);
		/* A second signal ends the process at once. */
		sigprocmask(SIG_UNBLOCK, &ending, NULL);
		enforcement_stop(enforcer);
	}
	scope_free(&chosen.scope);
	return status;
}

int main(int argc, char **argv)
{
	const struct verb *verb = argc > 1 ? find_verb(argv[1]) : NULL;

	ensure_std_fds();
	argp_err_exit_status = STATUS_USAGE;
	argv[0] = program_invocation_short_name; /* which all messages begin with, getopt's too */
	if (!verb)
		return enforce_main(argc, argv);
	argv[1] = (char *)verb->full_name;
	return verb->main(argc - 1, argv + 1);
}
