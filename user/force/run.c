// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/sched.h>

#include "enforcement.h"
#include "common/command.h"
#include "common/descriptors.h"
#include "common/log.h"
#include "common/privileges.h"
#include "policy.h"
#include "run.h"
#include "common/standard_error.h"
#include "common/usage.h"
#include "transient_cgroup.h"

/* The exit statuses that shells use for a command that did not start. */
#define NOT_EXECUTABLE 126
#define NOT_FOUND      127

struct command_line {
	char **command;
	struct policy policy;
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct command_line *line = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &line->policy;
		return 0;
	case ARGP_KEY_ARGS:
		line->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		usage_error("no COMMAND given");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &policy_argp, 0, "Effect:", 1 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp run_argp = {
	.parser = parse_option,
	.children = children,
	.doc = "Run COMMAND in its own cgroup. The TCP sockets that it and its child processes create "
	       "become MPTCP sockets. With --to tcp, they stay TCP even if they ask for MPTCP."
	       "\vThe exit status is that of COMMAND, or 128+N if signal N ended it. If COMMAND "
	       "cannot be run: 127 not found, 126 not executable, 1 failure, 2 usage error, 3 kernel "
	       "not supported, 4 not permitted.",
};

/* A command started in a cgroup, and the signals to pass on to it. */
struct child {
	int pidfd; /* unlike a pid, never another process */
	int signal_fd;
	sigset_t caller_mask;
	struct sigaction caller_sigchld, caller_sigpipe;
};

/*
 * Block all signals that can be passed on. Those for job control and faults concern only this process. Called
 * first, so that no signal ends this process and leaves something behind.
 */
static enum exit_status block_signals(struct child *child)
{
	static const int own[] = { SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGPIPE, SIGSEGV, SIGBUS,
				   SIGFPE,  SIGILL,  SIGTRAP, SIGSYS,  SIGABRT, SIGCHLD };
	static const struct sigaction by_default = { .sa_handler = SIG_DFL };
	static const struct sigaction ignored = { .sa_handler = SIG_IGN };
	sigset_t passed_on;
	size_t i;

	/* If the caller ignores SIGCHLD, the kernel reaps children itself, and there is nothing to wait for. */
	sigaction(SIGCHLD, &by_default, &child->caller_sigchld);
	/* If the reader of our messages goes, the command continues. */
	sigaction(SIGPIPE, &ignored, &child->caller_sigpipe);
	sigfillset(&passed_on);
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		sigdelset(&passed_on, own[i]);
	sigprocmask(SIG_BLOCK, &passed_on, &child->caller_mask);
	child->signal_fd = signalfd(-1, &passed_on, SFD_CLOEXEC | SFD_NONBLOCK);
	if (child->signal_fd < 0) {
		log_error("cannot wait for signals: %s", strerror(errno));
		return STATUS_FAILED;
	}
	standard_error_yield_to(child->signal_fd);
	return STATUS_OK;
}

/* The signal that would have ended this process before the command was started, or 0. */
static int ended_by(const struct child *child)
{
	static const int ending[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction action;
	sigset_t pending;
	size_t i;

	sigpending(&pending);
	for (i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		/* A blocked signal becomes pending even if it is ignored, as by nohup. */
		if (sigismember(&pending, ending[i]) &&
		    !sigismember(&child->caller_mask, ending[i]) &&
		    !sigaction(ending[i], NULL, &action) && action.sa_handler == SIG_DFL)
			return ending[i];
	}
	return 0;
}

static _Noreturn void exec_command(char **command, const struct child *child, int report)
{
	int err;

	sigaction(SIGCHLD, &child->caller_sigchld, NULL);
	sigaction(SIGPIPE, &child->caller_sigpipe, NULL);
	sigprocmask(SIG_SETMASK, &child->caller_mask, NULL);
	execvp(command[0], command);
	err = errno;
	if (write(report, &err, sizeof(err)) < 0)
		_exit(NOT_EXECUTABLE);
	_exit(err == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
}

/* Like fork(), but the child starts inside the cgroup, so that none of its sockets is missed. */
static pid_t fork_into(int cgroup_fd, int *pidfd)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | CLONE_PIDFD,
		.pidfd = (__u64)(uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = (__u64)cgroup_fd,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

static int exit_status_of(const siginfo_t *end)
{
	return end->si_code == CLD_EXITED ? end->si_status : 128 + end->si_status;
}

/* Start the command; returns 0 once it has been executed, or the errno that prevented it. */
static int start(struct child *child, const struct transient_cgroup *cgroup, char **command)
{
	int report[2], err = 0;
	siginfo_t end;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC))
		return errno;
	pid = fork_into(cgroup->fd, &child->pidfd);
	if (pid == 0)
		exec_command(command, child, report[1]);
	err = pid < 0 ? errno : 0;
	close(report[1]);
	/* A successful exec closes the pipe, and nothing is read. */
	if (!err && read(report[0], &err, sizeof(err)) < 0)
		err = errno;
	close(report[0]);
	if (err && pid > 0)
		waitid(P_PIDFD, (id_t)child->pidfd, &end, WEXITED);
	return err;
}

/*
 * A signal from the terminal went to the whole foreground process group, including the command: if we
 * forwarded it, the command would get it twice. A hangup of the terminal goes only to the session leader
 * (tty_signal_session_leader()).
 */
static bool reached_command(const struct signalfd_siginfo *info)
{
	bool hangup_of_leader = info->ssi_signo == SIGHUP && getsid(0) == getpid();

	return info->ssi_code == SI_KERNEL && !hangup_of_leader;
}

static void pass_on_signals(const struct child *child)
{
	struct signalfd_siginfo info;

	while (read(child->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		if (!reached_command(&info))
			pidfd_send_signal(child->pidfd, (int)info.ssi_signo, NULL, 0);
	}
}

/* Wait for the command to end, and pass on signals. */
static int wait_for_end(struct enforcer *enforcer, const struct child *child)
{
	struct pollfd fds[] = { { .fd = child->pidfd, .events = POLLIN },
				{ .fd = child->signal_fd, .events = POLLIN },
				{ .fd = enforcer_events_fd(enforcer), .events = POLLIN } };
	siginfo_t end = { 0 };

	while (!fds[0].revents) {
		if (poll(fds, 3, -1) <= 0)
			continue;
		if (fds[2].revents)
			enforcer_report_events(enforcer);
		if (fds[1].revents)
			pass_on_signals(child);
	}
	waitid(P_PIDFD, (id_t)child->pidfd, &end, WEXITED);
	return exit_status_of(&end);
}

/* The command was started with the caller's privileges; this process no longer needs its own. */
static void drop_privileges(void)
{
	/* To signal a command that changed its user, and to remove a cgroup that was delegated to a user. */
	static const int kept[] = { CAP_KILL, CAP_DAC_OVERRIDE };

	if (privileges_drop(kept, sizeof(kept) / sizeof(kept[0])))
		log_warning("cannot drop privileges (continuing with all of them)");
}

static int run_in(struct enforcer *enforcer, const struct transient_cgroup *cgroup,
		  struct child *child, char **command)
{
	int signal = ended_by(child), err;

	if (signal)
		return 128 + signal;
	err = start(child, cgroup, command);
	if (err) {
		log_error("cannot run '%s': %s", command[0], strerror(err));
		return child->pidfd < 0 ? STATUS_FAILED
					: (err == ENOENT ? NOT_FOUND : NOT_EXECUTABLE);
	}
	drop_privileges();
	return wait_for_end(enforcer, child);
}

static int run_enforced(struct enforcer *enforcer, struct transient_cgroup *cgroup,
			struct child *child, const struct command_line *line)
{
	struct scope scope = { .transient = true };
	int status;

	status = scope_add_cgroup(&scope, cgroup->path, FORCE_INCLUDED);
	if (!status)
		status = scope_resolve(&scope);
	if (!status)
		status = enforcement_start(enforcer, &scope, &line->policy);
	if (!status) {
		status = run_in(enforcer, cgroup, child, line->command);
		enforcement_stop(enforcer, &line->policy);
	}
	scope_free(&scope);
	return status;
}

static int run(struct enforcer *enforcer, struct child *child, const struct command_line *line)
{
	struct transient_cgroup cgroup;
	int status = transient_cgroup_create(&cgroup), moved;

	if (status)
		return status;
	status = run_enforced(enforcer, &cgroup, child, line);
	moved = transient_cgroup_remove(&cgroup);
	if (moved > 0)
		log_notice(
			"the command left %d process%s running; sockets that they create from now on are %s",
			moved, moved == 1 ? "" : "es",
			line->policy.target == FORCE_TO_TCP ? "not changed" : "TCP");
	return status;
}

int run_main(int argc, char **argv)
{
	struct child child = { .pidfd = -1, .signal_fd = -1 };
	struct enforcer *enforcer;
	struct command_line line = { 0 };
	int status;

	command_parse(&run_argp, ARGP_IN_ORDER, argc, argv, &line);
	status = descriptors_require("enforce");
	if (!status)
		status = block_signals(&child);
	if (!status)
		status = enforcer_open(&enforcer);
	if (status)
		return status;
	status = run(enforcer, &child, &line);
	enforcer_close(enforcer);
	return status;
}
