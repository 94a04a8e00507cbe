// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "cgroup.h"
#include "enforcer.h"
#include "features.h"
#include "force.skel.h"
#include "log.h"
#include "preemptible.h"

struct enforcer {
	struct force_bpf *bpf;
	struct ring_buffer *cgroup_events;
	bool counts_io_uring;
};

static void configure_rules(struct force_bpf *bpf, const struct scope *scope)
{
	bpf->rodata->scope_all = scope->all;
	bpf->rodata->scope_has_cgroups = scope->n_cgroups > 0;
	bpf->rodata->scope_has_comms = scope->n_comms > 0;
	bpf->rodata->scope_has_uids = scope->n_uids > 0;
	bpf->rodata->scope_only_cgroups = !scope->all && !scope->n_comms && !scope->n_uids;
}

/* A map cannot have no room: without rules of its kind it keeps the one entry it declares. */
static int size_map(struct bpf_map *map, size_t rules)
{
	return rules ? bpf_map__set_max_entries(map, (__u32)rules) : 0;
}

static int configure(struct enforcer *enforcer, const struct scope *scope)
{
	struct force_bpf *bpf = enforcer->bpf;
	int err;

	configure_rules(bpf, scope);
	bpf_program__set_autoload(bpf->progs.bypass, enforcer->counts_io_uring);
	bpf_program__set_autoload(bpf->progs.cgroup_created, scope->n_cgroups > 0);
	bpf_program__set_autoload(bpf->progs.cgroup_removed, scope->n_cgroups > 0);
	err = size_map(bpf->maps.cgroups, scope->n_cgroups);
	if (!err)
		err = size_map(bpf->maps.cgroup_paths, scope->n_cgroups);
	if (!err)
		err = size_map(bpf->maps.comms, scope->n_comms);
	if (!err)
		err = size_map(bpf->maps.uids, scope->n_uids);
	return err;
}

/* Add membership bits to what the map has for the key: a name may be included and excluded. */
static int add_rule(const struct bpf_map *map, const void *key, size_t key_size, __u32 membership)
{
	__u32 known = 0;

	bpf_map__lookup_elem(map, key, key_size, &known, sizeof(known), 0);
	membership |= known;
	return bpf_map__update_elem(map, key, key_size, &membership, sizeof(membership), BPF_ANY);
}

static int add_cgroup(const struct force_bpf *bpf, const struct scope_cgroup *cgroup)
{
	struct force_path path = { 0 };
	__u64 id = cgroup->id;
	int err;

	err = add_rule(bpf->maps.cgroups, &id, sizeof(id), cgroup->membership);
	if (err)
		return err;
	err = cgroup_kernel_path(cgroup->path, path.path, sizeof(path.path));
	if (err) {
		log_error("warning: cannot follow cgroup '%s' if it is removed and made again: %s",
			  cgroup->path, strerror(-err));
		return 0;
	}
	return add_rule(bpf->maps.cgroup_paths, &path, sizeof(path), cgroup->membership);
}

static int fill_maps(const struct force_bpf *bpf, const struct scope *scope)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < scope->n_cgroups; i++)
		err = add_cgroup(bpf, &scope->cgroups[i]);
	for (i = 0; !err && i < scope->n_comms; i++)
		err = add_rule(bpf->maps.comms, &scope->comms[i].comm, sizeof(scope->comms[i].comm),
			       scope->comms[i].membership);
	for (i = 0; !err && i < scope->n_uids; i++) {
		__u32 uid = scope->uids[i].uid;

		err = add_rule(bpf->maps.uids, &uid, sizeof(uid), scope->uids[i].membership);
	}
	return err;
}

static int tell_cgroup_event(void *context, void *data, size_t size)
{
	const struct force_cgroup_event *event = data;

	(void)context;
	if (size < sizeof(*event))
		return 0;
	if (event->type == FORCE_CGROUP_REMOVED)
		log_notice("cgroup '%.*s' was removed; if it is made again, the new one takes its "
			   "place",
			   FORCE_PATH_LEN, event->path.path);
	else if (event->type == FORCE_CGROUP_CREATED)
		log_notice("cgroup '%.*s' was made again", FORCE_PATH_LEN, event->path.path);
	return 0;
}

int enforcer_events_fd(const struct enforcer *enforcer)
{
	return ring_buffer__epoll_fd(enforcer->cgroup_events);
}

void enforcer_tell_events(struct enforcer *enforcer)
{
	ring_buffer__consume(enforcer->cgroup_events);
}

static enum exit_status load(struct enforcer *enforcer, const struct scope *scope)
{
	int err;

	enforcer->bpf = force_bpf__open();
	if (!enforcer->bpf) {
		log_error("cannot open the enforcement programs: %s", strerror(errno));
		return STATUS_FAILED;
	}
	err = configure(enforcer, scope);
	if (!err)
		err = force_bpf__load(enforcer->bpf);
	if (err)
		return features_explain("load the enforcement programs", err);
	err = fill_maps(enforcer->bpf, scope);
	if (err) {
		log_error("cannot store the scope in the kernel: %s", strerror(-err));
		return status_of_errno(-err);
	}
	enforcer->cgroup_events = ring_buffer__new(bpf_map__fd(enforcer->bpf->maps.cgroup_events),
						   tell_cgroup_event, NULL, NULL);
	if (!enforcer->cgroup_events) {
		log_error("cannot map the ring buffer: %s", strerror(errno));
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

enum exit_status enforcer_require(void)
{
	static const enum feature_id required[] = { FEATURE_BTF, FEATURE_HOOK, FEATURE_MPTCP,
						    FEATURE_PERMISSION, FEATURE_ADDRESSES };

	return features_require("enforce", required, sizeof(required) / sizeof(required[0]));
}

enum exit_status enforcer_open(struct enforcer **result, const struct scope *scope)
{
	struct enforcer *enforcer;
	enum exit_status status;

	status = enforcer_require();
	if (status)
		return status;
	enforcer = calloc(1, sizeof(*enforcer));
	if (!enforcer) {
		log_error("cannot start: out of memory");
		return STATUS_FAILED;
	}
	enforcer->counts_io_uring = features_has(FEATURE_IO_URING_COUNT);
	status = load(enforcer, scope);
	if (status) {
		enforcer_close(enforcer);
		return status;
	}
	*result = enforcer;
	return STATUS_OK;
}

/* Attach one program, if it was loaded; returns 0, or -errno. */
static int attach(struct bpf_program *program, struct bpf_link **link)
{
	if (!bpf_program__autoload(program))
		return 0;
	*link = bpf_program__attach(program);
	return *link ? 0 : -errno;
}

/* The kernel calls them in the reverse order; the first is the one that counts what it refuses. */
static int attach_upgrades(struct force_bpf *bpf)
{
	int err = 0;

	if (kernel_is_preemptible(bpf->progs.ask_preemption, &bpf->data->preemption)) {
		err = attach(bpf->progs.upgrade_fourth, &bpf->links.upgrade_fourth);
		if (!err)
			err = attach(bpf->progs.upgrade_third, &bpf->links.upgrade_third);
		if (!err)
			err = attach(bpf->progs.upgrade_second, &bpf->links.upgrade_second);
	}
	return err ? err : attach(bpf->progs.upgrade, &bpf->links.upgrade);
}

enum exit_status enforcer_attach(struct enforcer *enforcer)
{
	struct force_bpf *bpf = enforcer->bpf;
	int err;

	err = attach(bpf->progs.cgroup_created, &bpf->links.cgroup_created);
	if (!err)
		err = attach(bpf->progs.cgroup_removed, &bpf->links.cgroup_removed);
	if (err)
		return features_explain("attach to the tracepoints of cgroups", err);
	err = attach(bpf->progs.bypass, &bpf->links.bypass);
	if (err)
		return features_explain("attach to __sys_socket_file", err);
	err = attach_upgrades(bpf);
	if (err)
		return features_explain("attach to update_socket_protocol", err);
	/* The kernel's type information, some MiB, was needed for loading only. */
	malloc_trim(0);
	return STATUS_OK;
}

int enforcer_count_running(struct enforcer *enforcer, struct enforcer_running *running)
{
	struct bpf_link *link = bpf_program__attach_iter(enforcer->bpf->progs.count_running, NULL);
	char nothing[64];
	int fd, err = 0;

	if (!link)
		return -errno;
	enforcer->bpf->bss->running_tasks = 0;
	enforcer->bpf->bss->running_processes = 0;
	fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0 || read(fd, nothing, sizeof(nothing)) < 0)
		err = -errno;
	running->tasks = enforcer->bpf->bss->running_tasks;
	running->processes = enforcer->bpf->bss->running_processes;
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return err;
}

int enforcer_read_counts(const struct enforcer *enforcer, struct enforcer_counts *counts)
{
	int cpu, cpus = libbpf_num_possible_cpus(), err = 0;
	size_t size = sizeof(__u64) * (size_t)(cpus > 0 ? cpus : 0);
	__u64 *values;
	__u32 i;

	memset(counts, 0, sizeof(*counts));
	if (cpus <= 0)
		return cpus;
	values = malloc(size);
	if (!values)
		return -ENOMEM;
	for (i = 0; !err && i < FORCE_COUNTERS; i++) {
		err = bpf_map__lookup_elem(enforcer->bpf->maps.counters, &i, sizeof(i), values,
					   size, 0);
		for (cpu = 0; !err && cpu < cpus; cpu++)
			counts->sockets[i] += values[cpu];
	}
	free(values);
	return err;
}

static uint64_t misses_of(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
		return 0;
	return info.recursion_misses;
}

/* How often no program was called: that many sockets can have stayed TCP, of tasks in scope or not. */
static uint64_t count_missed(const struct force_bpf *bpf)
{
	return misses_of(bpf->links.upgrade_fourth ? bpf->progs.upgrade_fourth
						   : bpf->progs.upgrade);
}

void enforcer_print_summary(const struct enforcer *enforcer)
{
	struct enforcer_counts counts;
	const uint64_t *sockets = counts.sockets;
	char bypassed[24] = "not known";
	int err = enforcer_read_counts(enforcer, &counts);
	uint64_t missed;

	if (err) {
		log_error("cannot read the counters: %s", strerror(-err));
		return;
	}
	if (enforcer->counts_io_uring)
		snprintf(bypassed, sizeof(bypassed), "%" PRIu64, sockets[FORCE_IO_URING]);
	log_notice("upgraded: %" PRIu64 ", left as TCP: %" PRIu64
		   " (MPTCP disabled in the network namespace: %" PRIu64 ", excluded: %" PRIu64
		   "), bypassed by io_uring: %s",
		   sockets[FORCE_UPGRADED],
		   sockets[FORCE_MPTCP_DISABLED] + sockets[FORCE_LEFT_EXCLUDED],
		   sockets[FORCE_MPTCP_DISABLED], sockets[FORCE_LEFT_EXCLUDED], bypassed);
	missed = count_missed(enforcer->bpf);
	if (missed)
		log_error("warning: the kernel skipped the hook %" PRIu64 " times, for sockets of "
			  "tasks in scope or not, because tasks were preempted in it: as many "
			  "sockets may be TCP",
			  missed);
}

void enforcer_close(struct enforcer *enforcer)
{
	if (!enforcer)
		return;
	ring_buffer__free(enforcer->cgroup_events);
	force_bpf__destroy(enforcer->bpf);
	free(enforcer);
}
