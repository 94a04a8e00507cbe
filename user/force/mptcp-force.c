// SPDX-License-Identifier: GPL-2.0-or-later
/* mptcp-force: make programs use Multipath TCP. Its commands, and enforcement in the foreground. */
#include <argp.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "attach_command.h"
#include "audit_command.h"
#include "check.h"
#include "common/command.h"
#include "common/descriptors.h"
#include "common/log.h"
#include "common/privileges.h"
#include "common/stop_signals.h"
#include "detach_command.h"
#include "enforcement.h"
#include "policy.h"
#include "run.h"
#include "scope.h"
#include "status_command.h"

const char *argp_program_version = "mptcp-force " VERSION;

struct command_line {
	struct scope scope;
	struct policy policy;
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct command_line *line = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &line->scope;
		state->child_inputs[1] = &line->policy;
		return 0;
	case ARGP_KEY_END:
		scope_require(&line->scope);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &scope_argp, 0, scope_heading, 1 },
	{ &policy_argp, 0, "Effect:", 2 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp force_argp = {
	.parser = parse_option,
	.children = children,
	.doc = "Make programs use Multipath TCP without changing them: the TCP sockets that tasks in "
	       "SCOPE create become MPTCP sockets, until SIGINT or SIGTERM. With --to tcp, keep them on "
	       "TCP instead."
	       "\v" EXIT_STATUSES,
};

/* The kernel enforces without our help: wait for the signal to stop. */
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

static enum exit_status enforce(struct command_line *line, int signal_fd)
{
	struct enforcer *enforcer;
	enum exit_status status = enforcer_open(&enforcer);

	if (status)
		return status;
	status = enforcement_start(enforcer, &line->scope, &line->policy);
	if (!status) {
		if (privileges_drop(NULL, 0))
			log_warning("cannot drop privileges (continuing with all of them)");
		wait_for_signal(signal_fd, enforcer);
		stop_signals_unblock();
		enforcement_stop(enforcer, &line->policy);
	}
	enforcer_close(enforcer);
	return status;
}

static int enforce_main(int argc, char **argv)
{
	struct command_line line = { 0 };
	enum exit_status status;
	int signal_fd = -1;

	command_parse(&force_argp, 0, argc, argv, &line);
	status = descriptors_require("enforce");
	/* If the reader of our messages goes, enforcement continues. */
	signal(SIGPIPE, SIG_IGN);
	if (!status) {
		signal_fd = stop_signals_open();
		status = signal_fd >= 0 ? scope_resolve(&line.scope) : STATUS_FAILED;
	}
	if (!status)
		status = enforce(&line, signal_fd);
	scope_free(&line.scope);
	return status;
}

int main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "mptcp-force", "SCOPE [OPTIONS]", NULL, enforce_main },
		{ "mptcp-force run", "[OPTIONS] [--] COMMAND [ARG...]",
		  "Run a command with MPTCP in place of TCP", run_main },
		{ "mptcp-force attach", "NAME SCOPE [OPTIONS]",
		  "Enforce until 'detach', without a process", attach_main },
		{ "mptcp-force detach", "NAME | --all", "End enforcement that 'attach' started",
		  detach_main },
		{ "mptcp-force status", "[NAME] [OPTIONS]", "Report the attached scopes",
		  status_main },
		{ "mptcp-force audit", "SCOPE [OPTIONS]",
		  "Report what would change for programs that use TCP", audit_main },
		{ "mptcp-force check", "[OPTIONS]", "Report whether this host is supported",
		  check_main },
		{ 0 },
	};

	return command_main(commands, argc, argv);
}
