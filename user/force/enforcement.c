// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enforcement.h"
#include "common/log.h"
#include "notify.h"

/* Sockets that exist already stay as they are: a program that must not keep any is restarted. */
static void tell_running(const struct enforcer_running *running)
{
	if (running->tasks)
		log_notice("already running in scope: %" PRIu64 " task%s of %" PRIu64
			   " process%s; sockets they hold stay as they are",
			   running->tasks, running->tasks == 1 ? "" : "s", running->processes,
			   running->processes == 1 ? "" : "es");
}

static void announce(const struct scope *scope)
{
	char *description = scope_describe(scope);
	int err;

	log_notice("enforcing MPTCP for %s", description ? description : "the scope");
	free(description);
	err = notify_ready();
	if (err)
		log_warning("cannot notify '%s': %s", getenv("NOTIFY_SOCKET"), strerror(-err));
}

enum exit_status enforcement_start(struct enforcer **result, const struct scope *scope)
{
	struct enforcer_running running;
	struct enforcer *enforcer;
	enum exit_status status;
	int err;

	status = enforcer_open(&enforcer, scope);
	if (status)
		return status;
	err = enforcer_count_running(enforcer, &running);
	if (err)
		log_warning("cannot count the running tasks in scope: %s", strerror(-err));
	status = enforcer_activate(enforcer);
	if (status) {
		enforcer_close(enforcer);
		return status;
	}
	if (!err)
		tell_running(&running);
	announce(scope);
	*result = enforcer;
	return STATUS_OK;
}

void enforcement_stop(struct enforcer *enforcer)
{
	int err = enforcer_leave(enforcer);

	if (err)
		log_warning("the scope is enforced until this process ends: %s", strerror(-err));
	enforcer_print_summary(enforcer);
	enforcer_close(enforcer);
}
