// SPDX-License-Identifier: GPL-2.0-or-later
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "audit_command.h"
#include "auditor.h"
#include "common/command.h"
#include "common/log.h"
#include "common/nsec.h"
#include "common/parse.h"
#include "common/privileges.h"
#include "common/stop_signals.h"
#include "common/usage.h"
#include "enforcement.h"

enum {
	OPTION_DURATION = 0x200,
};

struct audit_options {
	struct scope scope;
	unsigned long duration; /* in seconds; 0: until a signal */
	bool json;
};

static const struct argp_option options[] = {
	{ "duration", OPTION_DURATION, "TIME", 0,
	  "Stop after this time: seconds, or a number with a unit (s, m, h, d), such as 5m", 0 },
	{ "json", 'j', NULL, 0, "Print one JSON object", 0 },
	{ 0 },
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct audit_options *chosen = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &chosen->scope;
		return 0;
	case OPTION_DURATION:
		chosen->duration = parse_duration("--duration", arg);
		return 0;
	case 'j':
		chosen->json = true;
		return 0;
	case ARGP_KEY_END:
		scope_require(&chosen->scope);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{ &scope_argp, 0, scope_heading, 2 },
	{ &common_argp, 0, NULL, 0 },
	{ 0 },
};

static const struct argp audit_argp = {
	.options = options,
	.parser = parse_option,
	.children = children,
	.doc = "Watch what programs in SCOPE do with their TCP sockets, until SIGINT or SIGTERM, and "
	       "report what would change if these were MPTCP sockets. Nothing is changed."
	       "\v" EXIT_STATUSES,
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* Wait for a signal, or the end of the audit. */
static void wait_for_end(int signal_fd, int64_t end_ns)
{
	struct pollfd fd = { .fd = signal_fd, .events = POLLIN };
	struct signalfd_siginfo info;
	struct timespec left;
	int64_t left_ns;
	int ready;

	do {
		left_ns = end_ns - now_ns();
		if (end_ns && left_ns <= 0)
			return;
		left.tv_sec = left_ns / NSEC_PER_SEC;
		left.tv_nsec = left_ns % NSEC_PER_SEC;
		ready = ppoll(&fd, 1, end_ns ? &left : NULL, NULL);
	} while (ready == 0 || (ready < 0 && errno == EINTR));
	/* Taken, so that it does not end the process when the signals are unblocked. */
	while (read(signal_fd, &info, sizeof(info)) < 0 && errno == EINTR)
		;
}

/* What the report may lack. */
static void warn_of_gaps(const struct audit_report *report)
{
	if (report->dropped[AUDIT_DROP_USER])
		log_warning("%" PRIu64
			    " calls of other programs were not recorded: the limit is %d "
			    "programs per user (narrow the scope)",
			    report->dropped[AUDIT_DROP_USER], AUDIT_PROGRAMS_PER_USER);
	if (report->dropped[AUDIT_DROP_FULL])
		log_warning("%" PRIu64 " calls of other programs were not recorded: the table of "
			    "%d programs is full (narrow the scope)",
			    report->dropped[AUDIT_DROP_FULL], AUDIT_PROGRAMS);
	if (report->missed)
		log_warning("the kernel skipped the probes %" PRIu64
			    " times because of preemption; "
			    "what they count may be too low",
			    report->missed);
}

static enum exit_status print(const struct audit_report *report, bool json)
{
	if (json)
		audit_report_json(report, stdout);
	else
		audit_report_text(report, stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return STATUS_OK;
	log_error("cannot write to standard output: %s", strerror(errno));
	return STATUS_FAILED;
}

static void announce(const struct scope *scope)
{
	char *description = scope_describe(scope);

	log_notice("auditing %s", description ? description : "the scope");
	free(description);
	enforcement_notify();
}

static enum exit_status report(const struct auditor *auditor, const struct audit_options *chosen,
			       int64_t started_ns)
{
	struct audit_report result = { .scope = scope_describe(&chosen->scope) };
	enum exit_status status = auditor_read(auditor, &result);
	struct utsname kernel;

	uname(&kernel);
	snprintf(result.kernel, sizeof(result.kernel), "%s", kernel.release);
	result.duration_ns = (uint64_t)(now_ns() - started_ns);
	if (!status) {
		audit_report_sort(&result);
		status = print(&result, chosen->json);
		warn_of_gaps(&result);
	}
	audit_report_free(&result);
	return status;
}

static enum exit_status run(struct auditor *auditor, struct audit_options *chosen, int signal_fd)
{
	enum exit_status status = auditor_start(auditor, &chosen->scope);
	int64_t started_ns = now_ns(), end_ns = 0;

	if (status)
		return status;
	if (chosen->duration)
		end_ns = started_ns + (int64_t)chosen->duration * NSEC_PER_SEC;
	if (privileges_drop(NULL, 0))
		log_warning("cannot drop privileges (continuing with all of them)");
	announce(&chosen->scope);
	wait_for_end(signal_fd, end_ns);
	stop_signals_unblock();
	return report(auditor, chosen, started_ns);
}

int audit_main(int argc, char **argv)
{
	struct audit_options chosen = { .duration = 0 };
	struct auditor *auditor = NULL;
	enum exit_status status = STATUS_FAILED;
	int signal_fd;

	command_parse(&audit_argp, 0, argc, argv, &chosen);
	signal(SIGPIPE, SIG_IGN);
	signal_fd = stop_signals_open();
	if (signal_fd >= 0)
		status = scope_resolve(&chosen.scope);
	if (!status)
		status = auditor_open(&auditor);
	if (!status)
		status = run(auditor, &chosen, signal_fd);
	auditor_close(auditor);
	scope_free(&chosen.scope);
	return status;
}
