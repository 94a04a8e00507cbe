// SPDX-License-Identifier: GPL-2.0-or-later
/* mptcp-watch: report what Multipath TCP does. Its commands. */
#include <argp.h>
#include <signal.h>
#include <unistd.h>

#include "check.h"
#include "common/command.h"
#include "common/descriptors.h"
#include "common/log.h"
#include "common/privileges.h"
#include "common/stop_signals.h"
#include "replay.h"
#include "watch_loop.h"
#include "watch_options.h"

const char *argp_program_version = "mptcp-watch " VERSION;

static enum exit_status watch(struct watch_options *chosen)
{
	struct watch_loop loop = { 0 };
	enum exit_status status;
	int signal_fd;

	status = descriptors_require("watch");
	if (!status)
		status = watch_options_resolve(chosen);
	if (!status)
		status = watch_require();
	if (status)
		return status;
	signal_fd = stop_signals_open();
	if (signal_fd < 0)
		return STATUS_FAILED;
	status = watch_loop_open(&loop, chosen, signal_fd);
	if (!status) {
		if (privileges_drop(NULL, 0))
			log_warning("cannot drop privileges (continuing with all of them)");
		status = watch_loop_run(&loop);
		stop_signals_unblock();
		status = watch_loop_finish(&loop, status);
	}
	status = watch_loop_close(&loop, status);
	close(signal_fd);
	return status;
}

static int watch_main(int argc, char **argv)
{
	struct watch_options chosen;

	watch_options_parse(&chosen, argc, argv);
	return watch(&chosen);
}

static int record_main(int argc, char **argv)
{
	struct watch_options chosen;

	record_options_parse(&chosen, argc, argv);
	return watch(&chosen);
}

static int replay_main(int argc, char **argv)
{
	struct watch_options chosen;

	replay_options_parse(&chosen, argc, argv);
	return replay(&chosen);
}

int main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "mptcp-watch", "[FILTER] [OPTIONS]", NULL, watch_main },
		{ "mptcp-watch record", "FILE [FILTER] [OPTIONS]",
		  "Print events, and record them to a file", record_main },
		{ "mptcp-watch replay", "FILE [OPTIONS]", "Print the events of a recording",
		  replay_main },
		{ "mptcp-watch check", "[OPTIONS]", "Report whether this host is supported",
		  check_main },
		{ 0 },
	};

	signal(SIGPIPE, SIG_IGN);
	/* Reaching the limit of a file's size (RLIMIT_FSIZE) is an error, like a full disk. */
	signal(SIGXFSZ, SIG_IGN);
	return command_main(commands, argc, argv);
}
