// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enforcement.h"
#include "common/log.h"
#include "notify.h"

/* Existing sockets stay TCP. Programs that must not keep any have to be restarted. */
static void report_running(const struct enforcer_running *running)
{
	if (running->tasks)
		log_notice("already running in scope: %" PRIu64 " task%s in %" PRIu64
			   " process%s; their open sockets are not changed",
			   running->tasks, running->tasks == 1 ? "" : "s", running->processes,
			   running->processes == 1 ? "" : "es");
}

void enforcement_notify(void)
{
	int err = notify_ready();

	if (err)
		log_warning("cannot notify the service manager at '%s': %s",
			    getenv("NOTIFY_SOCKET"), strerror(-err));
}

void enforcement_announce(const struct scope *scope, const struct policy *policy,
			  const struct enforcer_running *running, const char *until)
{
	char *description = scope_describe(scope);

	report_running(running);
	log_notice("enforcing %s for %s%s", policy_target_name(policy),
		   description ? description : "the scope", until);
	free(description);
	enforcement_notify();
}

/*
 * By path first: a cgroup that is re-created after that is enforced. One that was re-created before is found
 * by scope_refresh().
 */
enum exit_status enforcement_enter(struct enforcer *enforcer, struct scope *scope)
{
	enum exit_status status = enforcer_follow(enforcer, scope);

	if (status)
		return status;
	scope_refresh(scope);
	return enforcer_enter(enforcer, scope);
}

/* A socket that is MPTCP evades Landlock's rules, unless its task is recognized and left on TCP. */
static enum exit_status check_landlock(const struct enforcer *enforcer, const struct policy *policy)
{
	if (policy->target == FORCE_TO_TCP || policy->landlock_unknown_allowed ||
	    !enforcer_landlock_unknown(enforcer))
		return STATUS_OK;
	log_error(
		"cannot enforce MPTCP: this kernel does not show which tasks Landlock restricts, and their "
		"sockets would evade the restrictions (use --landlock-unknown=allow to accept that)");
	return STATUS_UNSUPPORTED;
}

enum exit_status enforcement_prepare(struct enforcer *enforcer, struct scope *scope,
				     const struct policy *policy, struct enforcer_running *running)
{
	enum exit_status status = check_landlock(enforcer, policy);
	int err;

	if (!status)
		status = enforcement_enter(enforcer, scope);
	if (status)
		return status;
	err = enforcer_count_running(enforcer, running);
	if (err) {
		log_warning("cannot count the running tasks in scope: %s", strerror(-err));
		running->tasks = 0;
	}
	status = enforcer_set_options(enforcer, policy->options);
	if (status)
		return status;
	/* What is kept on TCP has its options. */
	if (policy->target == FORCE_TO_MPTCP)
		enforcer_attach_to_cgroups(enforcer, scope);
	return STATUS_OK;
}

enum exit_status enforcement_start(struct enforcer *enforcer, struct scope *scope,
				   const struct policy *policy)
{
	struct enforcer_running running;
	enum exit_status status = enforcement_prepare(enforcer, scope, policy, &running);

	if (!status)
		status = enforcer_activate(enforcer, policy->target);
	if (!status)
		enforcement_announce(scope, policy, &running, "");
	return status;
}

static void format_count(char *text, size_t size, uint64_t count, bool known)
{
	if (known)
		snprintf(text, size, "%" PRIu64, count);
	else
		snprintf(text, size, "unknown");
}

/* Sockets that keep to what their programs bound them to. */
static void print_confined(uint64_t sockets)
{
	if (sockets)
		log_notice("bound to a device or an address: %" PRIu64
			   " of the upgraded sockets; they get no subflows elsewhere",
			   sockets);
}

/*
 * In one line: sockets that became MPTCP, or stayed TCP and why; what became of their connections; and the sockets
 * that io_uring created.
 */
static void print_upgraded(const struct enforcer_counts *counts, const char *io_uring)
{
	const uint64_t *sockets = counts->sockets;
	char connected[24], fell_back[24];

	print_confined(sockets[FORCE_CONFINED]);
	format_count(connected, sizeof(connected), sockets[FORCE_CONNECTED_MPTCP],
		     counts->connections_counted);
	format_count(fell_back, sizeof(fell_back), sockets[FORCE_CONNECTED_TCP],
		     counts->connections_counted);
	log_notice("upgraded: %" PRIu64 ", left as TCP: %" PRIu64
		   " (MPTCP disabled in the network namespace: %" PRIu64
		   ", restricted by Landlock: %" PRIu64 ", with sock_create programs: %" PRIu64
		   ", excluded: %" PRIu64 ", opted out: %" PRIu64
		   "), connections over MPTCP: %s, fell back to TCP: %s, bypassed by io_uring: %s",
		   sockets[FORCE_UPGRADED],
		   sockets[FORCE_MPTCP_DISABLED] + sockets[FORCE_LEFT_LANDLOCK] +
			   sockets[FORCE_LEFT_SOCK_CREATE] + sockets[FORCE_LEFT_EXCLUDED] +
			   sockets[FORCE_LEFT_OPTED_OUT],
		   sockets[FORCE_MPTCP_DISABLED], sockets[FORCE_LEFT_LANDLOCK],
		   sockets[FORCE_LEFT_SOCK_CREATE], sockets[FORCE_LEFT_EXCLUDED],
		   sockets[FORCE_LEFT_OPTED_OUT], connected, fell_back, io_uring);
	if (sockets[FORCE_UPGRADED_32BIT])
		log_warning("%" PRIu64 " of the upgraded sockets belong to 32-bit programs, whose "
			    "socket options are not bridged",
			    sockets[FORCE_UPGRADED_32BIT]);
}

/* The same for --to tcp, which changes only sockets that ask for MPTCP. */
static void print_kept(const uint64_t *sockets, const char *io_uring)
{
	log_notice("kept on TCP: %" PRIu64 ", left as MPTCP: %" PRIu64 " (excluded: %" PRIu64
		   "), bypassed by io_uring: %s",
		   sockets[FORCE_KEPT_ON_TCP], sockets[FORCE_LEFT_EXCLUDED],
		   sockets[FORCE_LEFT_EXCLUDED], io_uring);
}

static void print_summary(const struct enforcer *enforcer, const struct policy *policy)
{
	struct enforcer_counts counts;
	char io_uring[24];

	if (enforcer_read_counts(enforcer, &counts))
		return;
	format_count(io_uring, sizeof(io_uring), counts.sockets[FORCE_IO_URING],
		     counts.io_uring_counted);
	if (policy->target == FORCE_TO_TCP)
		print_kept(counts.sockets, io_uring);
	else
		print_upgraded(&counts, io_uring);
	enforcer_log_opted_out(enforcer);
	if (counts.missed)
		log_warning("the kernel skipped the hook %" PRIu64
			    " time%s because of preemption; up to %" PRIu64
			    " socket%s on this host, in scope or not, may have stayed %s",
			    counts.missed, counts.missed == 1 ? "" : "s", counts.missed,
			    counts.missed == 1 ? "" : "s",
			    policy->target == FORCE_TO_TCP ? "MPTCP" : "TCP");
}

void enforcement_stop(struct enforcer *enforcer, const struct policy *policy)
{
	int err = enforcer_leave(enforcer);

	if (err)
		log_warning("cannot end enforcement now: %s (it ends when this process exits)",
			    strerror(-err));
	print_summary(enforcer, policy);
}
