// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "audit_listeners.h"
#include "auditor.h"
#include "common/kernel_btf.h"
#include "common/log.h"
#include "common/nsec.h"
#include "common/program.h"
#include "common/requirements.h"
#include "enforcement.h"
#include "force/audit.skel.h"
#include "landlock_layout.h"

struct auditor {
	struct audit_bpf *bpf;
	struct enforcer *enforcer; /* whose rules are the scope; there is no hook */
	struct audit_listeners listeners;
};

/* "fexit/FUNCTION", where the kernel has the function; some are static, or belong to an option. */
static void choose_programs(struct audit_bpf *bpf)
{
	struct bpf_program *program;
	const char *section;

	bpf_object__for_each_program(program, bpf->obj)
	{
		section = bpf_program__section_name(program);
		if (!bpf_program__autoload(program) && strchr(section, '/'))
			bpf_program__set_autoload(program,
						  kernel_has_function(strchr(section, '/') + 1));
	}
}

static enum exit_status require(void)
{
	static const enum requirement_id required[] = { REQUIREMENT_BTF, REQUIREMENT_HOOK,
							REQUIREMENT_MPTCP, REQUIREMENT_PERMISSION,
							REQUIREMENT_ADDRESSES };
	struct utsname kernel;
	enum exit_status status = requirements_check("audit", required,
						     sizeof(required) / sizeof(required[0]));

	if (status || kernel_has_function("do_sock_setsockopt"))
		return status;
	uname(&kernel);
	log_error("cannot audit: kernel %s lacks do_sock_setsockopt() (install Linux 6.7 or later)",
		  kernel.release);
	return STATUS_UNSUPPORTED;
}

static uint64_t boot_time_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static void find_landlock(const struct audit_bpf *bpf)
{
	if (!landlock_find(bpf->progs.find_landlock, &bpf->data->landlock_offset))
		log_warning(
			"cannot recognize tasks restricted by Landlock; the report does not say "
			"that their sockets stay TCP");
}

static enum exit_status load(struct audit_bpf **result)
{
	struct audit_bpf *bpf = audit_bpf__open();
	int err;

	*result = bpf;
	if (!bpf) {
		log_error("cannot open the BPF programs: %s", strerror(errno));
		return STATUS_FAILED;
	}
	choose_programs(bpf);
	if (kernel_btf())
		bpf->rodata->landlock_layout = landlock_layout(kernel_btf());
	bpf->bss->started_ns = boot_time_ns();
	err = audit_bpf__load(bpf);
	if (err)
		return requirements_explain("load the BPF programs", err);
	find_landlock(bpf);
	err = audit_bpf__attach(bpf);
	return err ? requirements_explain("attach the BPF programs", err) : STATUS_OK;
}

static int copy_of_program(const struct bpf_program *program)
{
	return fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 0);
}

/* What an enforcer needs of an attachment to have a scope. */
static enum exit_status join(struct auditor *auditor)
{
	const struct audit_bpf *bpf = auditor->bpf;
	struct attachment attachment;

	memset(&attachment, 0xff, sizeof(attachment)); /* -1 each */
	attachment.landlock_unknown = 0;
	attachment.programs[FORCE_PROGRAM_JOIN] = copy_of_program(bpf->progs.join_enforcers);
	attachment.programs[FORCE_PROGRAM_CHANGE] = copy_of_program(bpf->progs.change_enforcer);
	attachment.maps[FORCE_MAP_CGROUP_EVENTS] = fcntl(bpf_map__fd(bpf->maps.cgroup_events),
							 F_DUPFD_CLOEXEC, 0);
	return enforcer_open_on(&attachment, &auditor->enforcer);
}

enum exit_status auditor_open(struct auditor **result)
{
	struct auditor *auditor;
	enum exit_status status = require();

	if (status)
		return status;
	auditor = calloc(1, sizeof(*auditor));
	if (!auditor) {
		log_error("cannot start: out of memory");
		return STATUS_FAILED;
	}
	status = load(&auditor->bpf);
	kernel_btf_forget();
	if (!status)
		status = join(auditor);
	if (status) {
		auditor_close(auditor);
		return status;
	}
	*result = auditor;
	return STATUS_OK;
}

/* What was open before, which the probes do not see. */
static enum exit_status note_open_sockets(struct auditor *auditor)
{
	int err = audit_listeners_read(&auditor->listeners,
				       bpf_program__fd(auditor->bpf->progs.list_listeners));

	return err ? requirements_explain("list the open sockets", err) : STATUS_OK;
}

enum exit_status auditor_start(struct auditor *auditor, struct scope *scope)
{
	enum exit_status status = enforcement_enter(auditor->enforcer, scope);

	if (!status)
		status = enforcer_activate(auditor->enforcer, FORCE_TO_MPTCP);
	return status ? status : note_open_sockets(auditor);
}

/* Calls that the kernel skipped a program for. */
static uint64_t missed_calls(const struct audit_bpf *bpf)
{
	struct bpf_program *program;
	uint64_t missed = 0;

	bpf_object__for_each_program(program, bpf->obj)
	{
		if (bpf_program__autoload(program))
			missed += program_misses(bpf_program__fd(program));
	}
	return missed;
}

static int read_programs(const struct auditor *auditor, struct audit_report *report)
{
	int map = bpf_map__fd(auditor->bpf->maps.programs);
	struct audit_key key, *previous = NULL;
	struct audit_program program;
	uint64_t inherited;

	while (bpf_map_get_next_key(map, previous, &key) == 0) {
		previous = &key;
		if (bpf_map_lookup_elem(map, &key, &program))
			continue;
		inherited = audit_listeners_inherited(&auditor->listeners, &key);
		program.counts[AUDIT_INHERITED_LISTENERS] += inherited;
		/* Those are what matters about them. */
		if (program.counts[AUDIT_OLDER_LISTENERS] >= inherited)
			program.counts[AUDIT_OLDER_LISTENERS] -= inherited;
		if (!audit_report_add(report, &key, &program))
			return -ENOMEM;
	}
	return errno == ENOENT ? 0 : -errno;
}

enum exit_status auditor_read(const struct auditor *auditor, struct audit_report *report)
{
	int err = enforcer_leave(auditor->enforcer), i;

	if (err)
		log_warning("cannot end the audit before this process ends: %s", strerror(-err));
	err = read_programs(auditor, report);
	if (err) {
		log_error("cannot read the results of the audit: %s", strerror(-err));
		return STATUS_FAILED;
	}
	for (i = 0; i < AUDIT_DROPS; i++)
		report->dropped[i] = auditor->bpf->bss->dropped[i];
	report->missed = missed_calls(auditor->bpf);
	return STATUS_OK;
}

void auditor_close(struct auditor *auditor)
{
	if (!auditor)
		return;
	enforcer_close(auditor->enforcer);
	audit_bpf__destroy(auditor->bpf);
	audit_listeners_free(&auditor->listeners);
	free(auditor);
}
