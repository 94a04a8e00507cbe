// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "btf_lookup.h"
#include "common/kernel_btf.h"
#include "common/requirements.h"
#include "common/log.h"
#include "common/preemptible.h"
#include "common/rejection.h"
#include "watch/spare.h"
#include "watch/watch.skel.h"
#include "watcher.h"

/* Functions without an address that are tried; more mean that something else is wrong. */
#define ABSENT_MAX 8

struct watcher {
	struct watch_bpf *bpf;
	struct ring_buffer *records;
	uint32_t events;	     /* that are wanted */
	char absent[ABSENT_MAX][64]; /* functions that are in the kernel's BTF only */
	size_t n_absent;
	bool preemptible; /* the kernel: all spare programs are attached */
	watcher_callback callback;
	void *context;
};

/* The kernel functions that an event cannot do without. More than one: any of them. */
static const struct {
	const char *functions[2];
} needs[WATCH_EVENTS] = {
	[WATCH_CREATED] = { { "mptcp_event" } },
	[WATCH_ESTABLISHED] = { { "mptcp_event" } },
	[WATCH_CLOSED] = { { "mptcp_destroy_common" } },
	[WATCH_ANNOUNCED] = { { "mptcp_event_addr_announced" } },
	[WATCH_REMOVED] = { { "mptcp_event_addr_removed" } },
	[WATCH_SUB_ESTABLISHED] = { { "mptcp_event" } },
	[WATCH_SUB_CLOSED] = { { "mptcp_event" } },
	[WATCH_SUB_PRIORITY] = { { "mptcp_event" } },
	[WATCH_LISTENER_CREATED] = { { "mptcp_event_pm_listener" } },
	[WATCH_LISTENER_CLOSED] = { { "mptcp_event_pm_listener" } },
	[WATCH_UPGRADED] = { { "update_socket_protocol" } },
	[WATCH_FALLBACK] = { { "__mptcp_try_fallback", "__mptcp_data_acked" } },
	[WATCH_JOIN_FAILED] = { { "tcp_v4_send_reset" } },
	[WATCH_STALE] = { { "__mptcp_retrans" } },
	[WATCH_RECOVERED] = { { "__mptcp_retrans" } },
	[WATCH_FAILOVER] = { { "mptcp_sendmsg_frag" } },
	[WATCH_RESUMED] = { { "__mptcp_data_acked" } },
	[WATCH_SOCKOPT_DENIED] = { { "mptcp_setsockopt" } },
};

/* Bits of events. */
#define EVENT(name) (1U << WATCH_##name)
#define LISTENERS   (EVENT(LISTENER_CREATED) | EVENT(LISTENER_CLOSED))
/* Not lost, which is always wanted. */
#define CONNECTIONS    ((EVENT(LOST) - 1) & ~(LISTENERS | EVENT(UPGRADED) | EVENT(SOCKOPT_DENIED)))
#define OWNED	       (CONNECTIONS | LISTENERS)
#define SUBFLOWS       (EVENT(SUB_ESTABLISHED) | EVENT(SUB_CLOSED) | EVENT(SUB_PRIORITY))
#define FROM_NETLINK   (EVENT(CREATED) | EVENT(ESTABLISHED) | EVENT(JOIN_FAILED) | SUBFLOWS)
#define FAILOVERS      (EVENT(FAILOVER) | EVENT(RESUMED))
#define STALE_CHANGES  (EVENT(STALE) | EVENT(RECOVERED))
#define SEES_FAILOVERS (FAILOVERS | EVENT(CLOSED)) /* which says whether one is pending */

/* Programs that are attached for when the kernel skips another: see bpf/watch/spare.bpf.h. */
enum spare_use {
	NO_SPARE,
	SPARE,		   /* interrupts call the function as well as processes */
	SPARE_IF_PREEMPTED /* only where tasks are preempted inside the kernel */
};

struct probe {
	size_t program;	  /* where it is in struct watch_bpf */
	uint32_t events;  /* that need it: without them it is not loaded */
	uint32_t reports; /* that are missing for good when the kernel skips it */
	enum spare_use spare;
	bool notes_owner;
	uint32_t has_spares; /* 1 + enum spared_function, of a program that has any */
};

#define PROBE(name, ...)                                                                           \
	{                                                                                          \
		.program = offsetof(struct watch_bpf, progs.name), __VA_ARGS__                     \
	}

static const struct probe probes[] = {
	PROBE(connect, CONNECTIONS, .notes_owner = true, .has_spares = 1 + SPARED_CONNECT),
	PROBE(connect_second, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(connect_third, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(connect_end, CONNECTIONS),
	PROBE(listen, OWNED, .notes_owner = true),
	PROBE(accept, CONNECTIONS, .notes_owner = true, .has_spares = 1 + SPARED_ACCEPT),
	PROBE(accept_second, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(accept_third, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(clone, CONNECTIONS, .notes_owner = true),
	PROBE(initial_sockets, OWNED),
	PROBE(event, CONNECTIONS, FROM_NETLINK, .has_spares = 1 + SPARED_EVENT),
	PROBE(event_second, CONNECTIONS, FROM_NETLINK, SPARE),
	PROBE(event_third, CONNECTIONS, FROM_NETLINK, SPARE_IF_PREEMPTED),
	PROBE(data_fin, EVENT(CLOSED)),
	PROBE(destroy, OWNED, EVENT(CLOSED), .has_spares = 1 + SPARED_DESTROY),
	PROBE(destroy_second, OWNED, EVENT(CLOSED), SPARE),
	PROBE(destroy_third, OWNED, EVENT(CLOSED), SPARE_IF_PREEMPTED),
	PROBE(addr_announced, EVENT(ANNOUNCED), EVENT(ANNOUNCED)),
	PROBE(addr_removed, EVENT(REMOVED), EVENT(REMOVED)),
	PROBE(listener, LISTENERS, LISTENERS, .has_spares = 1 + SPARED_LISTENER),
	PROBE(listener_second, LISTENERS, LISTENERS, SPARE_IF_PREEMPTED),
	PROBE(upgraded, EVENT(UPGRADED), EVENT(UPGRADED)),
	PROBE(setsockopt, EVENT(SOCKOPT_DENIED), EVENT(SOCKOPT_DENIED)),
	PROBE(try_fallback, EVENT(FALLBACK) | EVENT(CLOSED), EVENT(FALLBACK)),
	PROBE(syn_timer, EVENT(FALLBACK) | EVENT(CLOSED), EVENT(FALLBACK)),
	PROBE(subflow_connect, EVENT(JOIN_FAILED), EVENT(JOIN_FAILED)),
	PROBE(join_admission, EVENT(JOIN_FAILED)),
	PROBE(third_ack, EVENT(JOIN_FAILED) | EVENT(FALLBACK),
	      EVENT(JOIN_FAILED) | EVENT(FALLBACK)),
	PROBE(ipv4_reset_sent, EVENT(JOIN_FAILED), EVENT(JOIN_FAILED)),
	PROBE(ipv6_reset_sent, EVENT(JOIN_FAILED), EVENT(JOIN_FAILED)),
	PROBE(retrans_start, SEES_FAILOVERS, FAILOVERS),
	PROBE(retrans_end, SEES_FAILOVERS | STALE_CHANGES, STALE_CHANGES),
	PROBE(subflow_close, SEES_FAILOVERS, FAILOVERS),
	PROBE(data_sent, SEES_FAILOVERS | STALE_CHANGES, FAILOVERS),
	/* What one call misses, the next one finds; if there is none, the connection has not resumed. */
	PROBE(data_acked, SEES_FAILOVERS | STALE_CHANGES | EVENT(FALLBACK), EVENT(RESUMED)),
	PROBE(carrier_off, FAILOVERS),
	PROBE(carrier_on, FAILOVERS),
	PROBE(netdev_flags, FAILOVERS),
};

#define PROBES (sizeof(probes) / sizeof(probes[0]))

static struct bpf_program *program_of(const struct watch_bpf *bpf, const struct probe *probe)
{
	return *(struct bpf_program *const *)((const char *)bpf + probe->program);
}

/* NULL for what is none, or is not in the table, which serves every event. */
static const struct probe *probe_of(const struct watch_bpf *bpf, const struct bpf_program *program)
{
	size_t i;

	for (i = 0; i < PROBES; i++) {
		if (program_of(bpf, &probes[i]) == program)
			return &probes[i];
	}
	return NULL;
}

static bool has_event(const struct btf *btf, uint32_t event)
{
	const char *const *functions = needs[event].functions;
	size_t i;

	if (event == WATCH_FALLBACK)
		return shows_fallback(btf);
	for (i = 0; i < 2 && functions[i]; i++) {
		if (has_function(btf, functions[i]))
			return true;
	}
	return !functions[0];
}

void watcher_find_missing(const char *missing[WATCH_EVENTS])
{
	const struct btf *btf = kernel_btf();
	uint32_t event;

	for (event = 0; event < WATCH_EVENTS; event++)
		missing[event] = btf && has_event(btf, event) ? NULL : needs[event].functions[0];
}

/* Of "fexit/FUNCTION", FUNCTION: such a program is loaded only where that exists. */
static const char *probed_function(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	if (strncmp(section, "fentry/", 7) != 0 && strncmp(section, "fexit/", 6) != 0)
		return NULL;
	return strchr(section, '/') + 1;
}

/* Whether the kernel has told that it cannot find the function, although its BTF has it. */
static bool has_no_address(const struct watcher *watcher, const char *function)
{
	size_t i;

	for (i = 0; i < watcher->n_absent; i++) {
		if (strcmp(watcher->absent[i], function) == 0)
			return true;
	}
	return false;
}

/* Load those that the wanted events need, and whose function the kernel has. */
static int choose_programs(const struct watcher *watcher, uint32_t events)
{
	struct watch_bpf *bpf = watcher->bpf;
	const struct btf *btf = kernel_btf();
	const struct probe *probe;
	struct bpf_program *program;
	const char *function;

	if (!btf)
		return -errno;
	bpf_object__for_each_program(program, bpf->obj)
	{
		probe = probe_of(bpf, program);
		function = probed_function(program);
		if (probe && !(probe->events & events))
			bpf_program__set_autoload(program, false);
		else if (function)
			bpf_program__set_autoload(program,
						  has_function(btf, function) &&
							  !has_no_address(watcher, function));
	}
	if (has_member(btf, "mptcp_sock", "bytes_sent"))
		bpf_program__set_autoload(bpf->progs.data_fin, false);
	bpf->rodata->kernel_reports_fallback = has_function(btf, "__mptcp_try_fallback");
	bpf->rodata->can_cast = has_function(btf, "bpf_rdonly_cast");
	return 0;
}

/* The resolution of the clock that only ticks advance. */
static uint64_t jiffy_ns(void)
{
	struct timespec resolution = { 0 };

	clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
	return (uint64_t)resolution.tv_nsec;
}

static void set_connections(struct watch_bpf *bpf, uint32_t connections)
{
	bpf_map__set_max_entries(bpf->maps.connections, connections);
	bpf_map__set_max_entries(bpf->maps.tokens, connections);
}

static int configure(struct watch_bpf *bpf, const struct watch_filter *filter, size_t buffer_size)
{
	bpf->rodata->filter_events = filter->events;
	bpf->rodata->filter_netns = filter->netns;
	bpf->rodata->filter_port = filter->port;
	bpf->bss->filter_cgroup = filter->cgroup;
	bpf->rodata->filter_cgroup_set = filter->cgroup != 0;
	memcpy((char *)bpf->rodata->filter_cgroup_path, filter->cgroup_path,
	       sizeof(filter->cgroup_path));
	bpf_program__set_autoload(bpf->progs.cgroup_created, filter->cgroup_path[0] != '\0');
	bpf->rodata->filter_comm_set = filter->comm[0] != '\0';
	memcpy((char *)bpf->rodata->filter_comm, filter->comm, sizeof(filter->comm));
	bpf->rodata->emit_initial = filter->initial;
	bpf->rodata->tick_ns = jiffy_ns();
	bpf->rodata->wakeup_threshold =
		(__u32)(buffer_size / 4 / (sizeof(struct watch_record) + BPF_RINGBUF_HDR_SZ));
	if (filter->connections)
		set_connections(bpf, filter->connections);
	return bpf_map__set_max_entries(bpf->maps.records, (__u32)buffer_size);
}

static int read_record(void *context, void *data, size_t size)
{
	struct watcher *watcher = context;

	if (size < sizeof(struct watch_record))
		return 0;
	return watcher->callback(watcher->context, data);
}

/* Not the iterator, which is attached when it is read, nor what is only asked. */
static bool is_probe(const struct bpf_program *program)
{
	return bpf_program__type(program) == BPF_PROG_TYPE_TRACING &&
	       bpf_program__expected_attach_type(program) != BPF_TRACE_ITER;
}

static bool is_wanted(const struct watcher *watcher, const struct bpf_program *program)
{
	const struct probe *probe = probe_of(watcher->bpf, program);

	if (!bpf_program__autoload(program) || !is_probe(program))
		return false;
	return !probe || probe->spare != SPARE_IF_PREEMPTED || watcher->preemptible;
}

static int attach(struct watcher *watcher)
{
	struct bpf_object_skeleton *skeleton = watcher->bpf->skeleton;
	int i;

	for (i = 0; i < skeleton->prog_cnt; i++) {
		struct bpf_program *program = *skeleton->progs[i].prog;

		if (!is_wanted(watcher, program))
			continue;
		*skeleton->progs[i].link = bpf_program__attach(program);
		if (!*skeleton->progs[i].link) {
			int err = -errno;

			log_debug("cannot attach to %s: %s", bpf_program__section_name(program),
				  strerror(-err));
			return err;
		}
	}
	return 0;
}

/* Returns whether the last program was refused for that, and not before for the same function. */
static bool note_absent(struct watcher *watcher)
{
	const struct rejection *rejection = rejection_last();
	const struct bpf_program *program;
	const char *function;

	program = bpf_object__find_program_by_name(watcher->bpf->obj, rejection->program);
	function = program && rejection->no_address ? probed_function(program) : NULL;
	if (!function || watcher->n_absent == ABSENT_MAX || has_no_address(watcher, function))
		return false;
	log_warning("this kernel has no symbol for %s, which the compiler inlined or "
		    "renamed: its events are not reported",
		    function);
	snprintf(watcher->absent[watcher->n_absent++], sizeof(watcher->absent[0]), "%s", function);
	return true;
}

/* Returns -errno; tried again without the programs of functions that have no address. */
static int load_programs(struct watcher *watcher, const struct watch_filter *filter,
			 size_t buffer_size)
{
	int err;

	do {
		watch_bpf__destroy(watcher->bpf);
		watcher->bpf = watch_bpf__open();
		if (!watcher->bpf)
			return -errno;
		err = choose_programs(watcher, filter->events);
		if (!err)
			err = configure(watcher->bpf, filter, buffer_size);
		if (!err)
			err = watch_bpf__load(watcher->bpf);
	} while (err && note_absent(watcher));
	return err;
}

static enum exit_status load(struct watcher *watcher, const struct watch_filter *filter,
			     size_t buffer_size)
{
	int err;

	err = load_programs(watcher, filter, buffer_size);
	if (err)
		return requirements_explain("load the probes", err);
	watcher->records = ring_buffer__new(bpf_map__fd(watcher->bpf->maps.records), read_record,
					    watcher, NULL);
	if (!watcher->records)
		return requirements_explain("create the ring buffer", -errno);
	watcher->preemptible = kernel_is_preemptible(watcher->bpf->progs.read_preemption,
						     &watcher->bpf->data->preemption);
	watcher->bpf->bss->preempted_spares = watcher->preemptible;
	err = attach(watcher);
	if (err)
		return requirements_explain("attach the probes", err);
	watcher->bpf->bss->all_attached = true;
	kernel_btf_forget();
	malloc_trim(0);
	return STATUS_OK;
}

enum exit_status watcher_open(struct watcher **result, const struct watch_filter *filter,
			      size_t buffer_size, watcher_callback callback, void *context)
{
	struct watcher *watcher = calloc(1, sizeof(*watcher));
	enum exit_status status;

	if (!watcher) {
		log_error("cannot start: out of memory");
		return STATUS_FAILED;
	}
	watcher->events = filter->events;
	watcher->callback = callback;
	watcher->context = context;
	status = load(watcher, filter, buffer_size);
	if (status) {
		watcher_close(watcher);
		return status;
	}
	*result = watcher;
	return STATUS_OK;
}

static int read_initial(struct watcher *watcher, int iterator)
{
	/* The iterator writes a byte for each connection: so many fit into the ring buffer. */
	char told[64];
	ssize_t count;
	int consumed;

	do {
		count = read(iterator, told, sizeof(told));
		if (count < 0 && errno != EAGAIN)
			return -errno;
		consumed = watcher_read(watcher);
		if (consumed < 0)
			return consumed;
	} while (count);
	return 0;
}

int watcher_tell_initial(struct watcher *watcher)
{
	struct bpf_link *link;
	int iterator, err;

	if (!bpf_program__autoload(watcher->bpf->progs.initial_sockets))
		return 0;
	link = bpf_program__attach_iter(watcher->bpf->progs.initial_sockets, NULL);
	if (!link)
		return -errno;
	iterator = bpf_iter_create(bpf_link__fd(link));
	err = iterator < 0 ? -errno : read_initial(watcher, iterator);
	if (iterator >= 0)
		close(iterator);
	bpf_link__destroy(link);
	return err;
}

int watcher_fd(const struct watcher *watcher)
{
	return ring_buffer__epoll_fd(watcher->records);
}

int watcher_read(struct watcher *watcher)
{
	return ring_buffer__consume(watcher->records);
}

void watcher_gather(struct watcher *watcher, bool wanted)
{
	watcher->bpf->bss->batched = 0;
	__atomic_store_n(&watcher->bpf->bss->batching, wanted, __ATOMIC_SEQ_CST);
}

void watcher_detach(struct watcher *watcher)
{
	watch_bpf__detach(watcher->bpf);
}

uint64_t watcher_lost(const struct watcher *watcher, uint32_t event, uint32_t reason)
{
	return __atomic_load_n(&watcher->bpf->bss->lost[reason][event], __ATOMIC_RELAXED);
}

static uint64_t misses_of(const struct bpf_program *program)
{
	return program_misses(bpf_program__fd(program));
}

/* How often spares handled what the program was skipped for. */
static uint64_t taken_over(const struct watcher *watcher, const struct probe *first)
{
	return first->has_spares
		       ? __atomic_load_n(&watcher->bpf->bss->taken_over[first->has_spares - 1],
					 __ATOMIC_RELAXED)
		       : 0;
}

/*
 * How many calls of a function can have been missed: no more than the program was skipped for and no
 * spare handled, nor than any of them was skipped for, since a call is missed when all are.
 */
static uint64_t misses_of_function(const struct watcher *watcher, const struct probe *first)
{
	const char *function = bpf_program__section_name(program_of(watcher->bpf, first));
	uint64_t handled = taken_over(watcher, first), misses;
	uint64_t least = misses_of(program_of(watcher->bpf, first));
	const struct bpf_program *program;
	size_t i;

	for (i = 0; i < PROBES; i++) {
		program = program_of(watcher->bpf, &probes[i]);
		if (!is_wanted(watcher, program) ||
		    strcmp(bpf_program__section_name(program), function) != 0)
			continue;
		misses = misses_of(program);
		if (misses < least)
			least = misses;
	}
	misses = misses_of(program_of(watcher->bpf, first));
	return misses - handled < least ? misses - handled : least;
}

void watcher_count_missed(const struct watcher *watcher, watcher_missed_callback callback,
			  void *context)
{
	const struct bpf_program *program;
	struct watcher_missed missed;
	size_t i;

	for (i = 0; i < PROBES; i++) {
		program = program_of(watcher->bpf, &probes[i]);
		if (probes[i].spare || !is_wanted(watcher, program))
			continue;
		missed.function = probed_function(program);
		missed.calls = misses_of_function(watcher, &probes[i]);
		missed.events = probes[i].reports & watcher->events;
		missed.owner = probes[i].notes_owner;
		if (missed.calls && (missed.events || missed.owner))
			callback(context, &missed);
	}
}

void watcher_close(struct watcher *watcher)
{
	if (!watcher)
		return;
	ring_buffer__free(watcher->records);
	watch_bpf__destroy(watcher->bpf);
	free(watcher);
}
