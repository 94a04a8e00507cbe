// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "log.h"
#include "standard_error.h"
#include "stop_signals.h"

static sigset_t both(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	return signals;
}

int stop_signals_open(void)
{
	sigset_t signals = both();
	int fd;

	sigprocmask(SIG_BLOCK, &signals, NULL);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		log_error("cannot wait for signals: %s", strerror(errno));
	else
		standard_error_yield_to(fd);
	return fd;
}

void stop_signals_unblock(void)
{
	sigset_t signals = both();

	sigprocmask(SIG_UNBLOCK, &signals, NULL);
}
