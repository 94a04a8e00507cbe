// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attachment.h"
#include "cgroup_programs.h"
#include "enforcer.h"
#include "iterator.h"
#include "opted_out.h"
#include "rules.h"
#include "common/requirements.h"
#include "common/log.h"
#include "common/program.h"

struct enforcer {
	struct attachment attachment;
	struct rule_owner owner; /* identity 0: has not joined */
	int events_fd;
	struct cgroup_programs cgroup_programs;
	struct ring_buffer *cgroup_events;
	/* At the start: a previous enforcer used the same counters, and all enforcers share the programs. */
	struct enforcer_counts counts_before;
};

static __u32 place_of(const struct enforcer *enforcer)
{
	return (__u32)FORCE_PLACE(enforcer->owner.identity);
}

static int change(const struct enforcer *enforcer, struct force_request *request)
{
	return rules_change(&enforcer->owner, request);
}

static int change_state(const struct enforcer *enforcer, enum force_operation operation)
{
	struct force_request request = { .operation = operation };

	return change(enforcer, &request);
}

bool enforcer_landlock_unknown(const struct enforcer *enforcer)
{
	return enforcer->attachment.landlock_unknown;
}

enum exit_status enforcer_follow(struct enforcer *enforcer, const struct scope *scope)
{
	return rules_follow(&enforcer->owner, scope);
}

enum exit_status enforcer_enter(struct enforcer *enforcer, const struct scope *scope)
{
	return rules_enter(&enforcer->owner, scope);
}

static int report_cgroup_event(void *context, void *data, size_t size)
{
	const struct force_cgroup_event *event = data;
	const struct enforcer *enforcer = context;

	if (size < sizeof(*event))
		return 0;
	if (event->type == FORCE_OPTIONS_CHANGED)
		cgroup_programs_apply_changes(&enforcer->cgroup_programs);
	if (event->type == FORCE_CGROUP_REMOVED)
		log_notice("cgroup '%.*s' was removed; it will be enforced again if re-created",
			   FORCE_PATH_LEN, event->path.path);
	else if (event->type == FORCE_CGROUP_CREATED)
		log_notice("cgroup '%.*s' was re-created", FORCE_PATH_LEN, event->path.path);
	return 0;
}

int enforcer_events_fd(const struct enforcer *enforcer)
{
	return ring_buffer__epoll_fd(enforcer->cgroup_events);
}

void enforcer_report_events(struct enforcer *enforcer)
{
	ring_buffer__consume(enforcer->cgroup_events);
}

/* Each enforcer has its own ring buffer, because a ring buffer can have only one reader. */
static enum exit_status open_events(struct enforcer *enforcer)
{
	__u32 place = place_of(enforcer);

	enforcer->events_fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "cgroup_events", 0, 0,
					     (__u32)sysconf(_SC_PAGESIZE), NULL);
	if (enforcer->events_fd >= 0 &&
	    bpf_map_update_elem(enforcer->attachment.maps[FORCE_MAP_CGROUP_EVENTS], &place,
				&enforcer->events_fd, BPF_ANY) == 0)
		enforcer->cgroup_events = ring_buffer__new(enforcer->events_fd, report_cgroup_event,
							   enforcer, NULL);
	if (enforcer->cgroup_events)
		return STATUS_OK;
	log_error("cannot create the ring buffer: %s", strerror(errno));
	return STATUS_FAILED;
}

static enum exit_status join(struct enforcer *enforcer)
{
	union bpf_iter_link_info this_process = { .task.tid = (__u32)getpid() };
	struct force_joined joined = { 0 };
	int iterator = iterator_open(enforcer->attachment.programs[FORCE_PROGRAM_JOIN],
				     &this_process);
	ssize_t count = iterator < 0 ? iterator : iterator_read(iterator, &joined, sizeof(joined));

	if (iterator >= 0)
		close(iterator);
	if (count < 0)
		return requirements_explain("join the enforcers of this host", (int)count);
	if (!joined.identity) {
		log_error("cannot start another enforcer: %d are running on this host, the "
			  "maximum (stop one)",
			  FORCE_ENFORCERS);
		return STATUS_FAILED;
	}
	enforcer->owner.program = enforcer->attachment.programs[FORCE_PROGRAM_CHANGE];
	enforcer->owner.identity = joined.identity;
	return STATUS_OK;
}

/* Only the enforcer that attaches checks for the hook itself, because that takes several MiB. */
static enum exit_status require(void)
{
	static const enum requirement_id required[] = { REQUIREMENT_BTF, REQUIREMENT_MPTCP,
							REQUIREMENT_PERMISSION,
							REQUIREMENT_ADDRESSES };

	return requirements_check("enforce", required, sizeof(required) / sizeof(required[0]));
}

static enum exit_status start(struct enforcer *enforcer)
{
	enum exit_status status = join(enforcer);
	struct enforcer_counts before = { 0 };

	if (!status)
		status = open_events(enforcer);
	/* An audit has no counters. */
	if (!status && enforcer->attachment.maps[FORCE_MAP_COUNTERS] >= 0)
		status = enforcer_read_counts(enforcer, &before);
	if (!status)
		enforcer->counts_before = before;
	return status;
}

enum exit_status enforcer_open_on(struct attachment *attachment, struct enforcer **result)
{
	struct enforcer *enforcer = calloc(1, sizeof(*enforcer));
	enum exit_status status;

	if (!enforcer) {
		log_error("cannot start: out of memory");
		attachment_close(attachment);
		return STATUS_FAILED;
	}
	enforcer->events_fd = -1;
	enforcer->attachment = *attachment;
	status = start(enforcer);
	if (status) {
		enforcer_close(enforcer);
		return status;
	}
	*result = enforcer;
	return STATUS_OK;
}

enum exit_status enforcer_open(struct enforcer **result)
{
	struct attachment attachment;
	enum exit_status status = require();

	if (!status)
		status = attachment_open(&attachment);
	return status ? status : enforcer_open_on(&attachment, result);
}

enum exit_status enforcer_set_options(struct enforcer *enforcer, unsigned int options)
{
	struct force_request request = { .operation = FORCE_SET_OPTIONS, .options = options };
	int err = change(enforcer, &request);

	return err ? requirements_explain("enforce", err) : STATUS_OK;
}

void enforcer_log_opted_out(const struct enforcer *enforcer)
{
	opted_out_log(enforcer->attachment.maps[FORCE_MAP_OPTED_OUT], enforcer->owner.identity);
}

void enforcer_attach_to_cgroups(struct enforcer *enforcer, const struct scope *scope)
{
	cgroup_programs_attach(&enforcer->cgroup_programs, &enforcer->attachment, scope);
}

enum exit_status enforcer_activate(struct enforcer *enforcer, enum force_target target)
{
	struct force_request request = { .operation = FORCE_ACTIVATE, .target = target };
	int err = change(enforcer, &request);

	return err ? requirements_explain("enforce", err) : STATUS_OK;
}

int enforcer_persist(struct enforcer *enforcer, enum force_target target, int pinned_map,
		     uint64_t replaced)
{
	struct force_request request = { .operation = FORCE_PERSIST,
					 .target = target,
					 .replaced = replaced };
	__u32 place = place_of(enforcer);

	/* Events of the scope have no reader any more. */
	bpf_map_delete_elem(enforcer->attachment.maps[FORCE_MAP_CGROUP_EVENTS], &place);
	if (bpf_map_update_elem(enforcer->attachment.maps[FORCE_MAP_PINNED], &place, &pinned_map,
				BPF_ANY))
		return -errno;
	return change(enforcer, &request);
}

const struct attachment *enforcer_attachment(const struct enforcer *enforcer)
{
	return &enforcer->attachment;
}

const struct cgroup_programs *enforcer_cgroup_programs(const struct enforcer *enforcer)
{
	return &enforcer->cgroup_programs;
}

uint64_t enforcer_identity(const struct enforcer *enforcer)
{
	return enforcer->owner.identity;
}

const struct enforcer_counts *enforcer_counts_before(const struct enforcer *enforcer)
{
	return &enforcer->counts_before;
}

int enforcer_leave(struct enforcer *enforcer)
{
	return change_state(enforcer, FORCE_LEAVE);
}

int enforcer_count_running(struct enforcer *enforcer, struct enforcer_running *running)
{
	int iterator = iterator_open(enforcer->attachment.programs[FORCE_PROGRAM_COUNT_RUNNING],
				     NULL);
	char tasks[256];
	ssize_t count, i;

	memset(running, 0, sizeof(*running));
	if (iterator < 0)
		return iterator;
	while ((count = iterator_read(iterator, tasks, sizeof(tasks))) > 0) {
		running->tasks += (uint64_t)count;
		for (i = 0; i < count; i++)
			running->processes += tasks[i] == FORCE_RUNNING_PROCESS;
	}
	close(iterator);
	return (int)count;
}

/* Sum a counter over all processors. Returns 0, or -errno. */
static int read_counter(const struct enforcer *enforcer, __u32 counter, __u64 *values, int cpus,
			uint64_t *sum)
{
	__u32 key = FORCE_COUNTER(place_of(enforcer), counter);
	int cpu;

	if (bpf_map_lookup_elem(enforcer->attachment.maps[FORCE_MAP_COUNTERS], &key, values))
		return -errno;
	for (cpu = 0, *sum = 0; cpu < cpus; cpu++)
		*sum += values[cpu];
	return 0;
}

static int read_counters(const struct enforcer *enforcer, struct enforcer_counts *counts)
{
	int cpus = libbpf_num_possible_cpus(), err = 0;
	__u64 *values;
	__u32 i;

	if (cpus < 0)
		return cpus;
	values = calloc((size_t)cpus, sizeof(*values));
	if (!values)
		return -ENOMEM;
	for (i = 0; !err && i < FORCE_COUNTERS; i++) {
		err = read_counter(enforcer, i, values, cpus, &counts->sockets[i]);
		counts->sockets[i] -= enforcer->counts_before.sockets[i];
	}
	free(values);
	return err;
}

enum exit_status enforcer_read_counts(const struct enforcer *enforcer,
				      struct enforcer_counts *counts)
{
	int err = read_counters(enforcer, counts);

	if (err) {
		log_error("cannot read the counters: %s", strerror(-err));
		return STATUS_FAILED;
	}
	counts->missed = program_misses(enforcer->attachment.programs[FORCE_PROGRAM_LAST_UPGRADE]) -
			 enforcer->counts_before.missed;
	counts->io_uring_counted = enforcer->attachment.links[FORCE_LINK_IO_URING] >= 0;
	counts->connections_counted = enforcer->attachment.links[FORCE_LINK_CONNECT] >= 0;
	return STATUS_OK;
}

void enforcer_close(struct enforcer *enforcer)
{
	if (!enforcer)
		return;
	if (enforcer->owner.identity)
		enforcer_leave(enforcer);
	ring_buffer__free(enforcer->cgroup_events);
	if (enforcer->events_fd >= 0)
		close(enforcer->events_fd);
	cgroup_programs_detach(&enforcer->cgroup_programs);
	attachment_close(&enforcer->attachment);
	free(enforcer);
}
