// SPDX-License-Identifier: GPL-2.0-or-later
/* mptcp-watch: tell what Multipath TCP does. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/privileges.h"
#include "replay.h"
#include "common/standard_error.h"
#include "common/std_fds.h"
#include "check.h"
#include "watch_loop.h"
#include "watch_options.h"

const char *argp_program_version = "mptcp-watch " VERSION;

/* SIGINT and SIGTERM as a file descriptor: they end the watching, a second one the process. */
static int block_signals(sigset_t *ending)
{
	sigemptyset(ending);
	sigaddset(ending, SIGINT);
	sigaddset(ending, SIGTERM);
	sigprocmask(SIG_BLOCK, ending, NULL);
	return signalfd(-1, ending, SFD_CLOEXEC | SFD_NONBLOCK);
}

static enum exit_status watch(struct watch_options *chosen)
{
	struct watch_loop loop = { 0 };
	enum exit_status status;
	sigset_t ending;
	int signal_fd;

	status = watch_options_resolve(chosen);
	if (!status)
		status = watch_require();
	if (status)
		return status;
	signal_fd = block_signals(&ending);
	if (signal_fd < 0) {
		log_error("cannot wait for signals: %s", strerror(errno));
		return STATUS_FAILED;
	}
	standard_error_yield_to(signal_fd);
	status = watch_loop_open(&loop, chosen, signal_fd);
	if (!status) {
		if (privileges_drop(NULL, 0))
			log_warning("cannot drop privileges");
		status = watch_loop_run(&loop);
		sigprocmask(SIG_UNBLOCK, &ending, NULL);
		status = watch_loop_finish(&loop, status);
	}
	status = watch_loop_close(&loop, status);
	close(signal_fd);
	return status;
}

int main(int argc, char **argv)
{
	struct watch_options chosen;

	ensure_std_fds();
	argp_err_exit_status = STATUS_USAGE;
	argv[0] = program_invocation_short_name; /* which all messages begin with, getopt's too */
	signal(SIGPIPE, SIG_IGN);
	/* A file that has reached its limit (RLIMIT_FSIZE) is an error, as a full disk is. */
	signal(SIGXFSZ, SIG_IGN);
	log_start(LOG_NOTICES);
	watch_options_parse(&chosen, argc, argv);
	log_start(chosen.level);
	if (chosen.check)
		return watch_check();
	if (chosen.replay)
		return replay(&chosen);
	return watch(&chosen);
}
