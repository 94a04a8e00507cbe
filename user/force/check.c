// SPDX-License-Identifier: GPL-2.0-or-later
#include "attachment.h"
#include "check.h"
#include "common/check_report.h"
#include "common/command.h"

/* In an order in which each that is missing explains what follows it. */
static const enum requirement_id requirements[] = {
	REQUIREMENT_BTF,	   REQUIREMENT_HOOK,	    REQUIREMENT_LOOP,
	REQUIREMENT_MPTCP,	   REQUIREMENT_MPTCP_STATE, REQUIREMENT_ADDRESSES,
	REQUIREMENT_PERMISSION,	   REQUIREMENT_CGROUP2,	    REQUIREMENT_MPTCP_ENABLED,
	REQUIREMENT_IPV6,	   REQUIREMENT_LANDLOCK,    REQUIREMENT_IO_URING_COUNT,
	REQUIREMENT_OPTION_BRIDGE,
};

int check_main(int argc, char **argv)
{
	struct check_report *report;
	enum exit_status status;

	report = check_report_begin(
		"Report whether this host can make programs use Multipath TCP "
		"and, if not, what is missing and how to fix it.\v" EXIT_STATUSES,
		argc, argv);
	if (!report)
		return STATUS_FAILED;
	status = check_report_requirements(report, requirements,
					   sizeof(requirements) / sizeof(requirements[0]));
	/* The proof: load and attach, then let go. */
	if (!status)
		status = attachment_try();
	return check_report_end(report, "make programs use MPTCP", status);
}
