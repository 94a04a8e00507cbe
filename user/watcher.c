// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "btf_lookup.h"
#include "features.h"
#include "log.h"
#include "preemptible.h"
#include "watch.skel.h"
#include "watcher.h"

struct watcher {
	struct watch_bpf *bpf;
	struct ring_buffer *records;
	bool preemptible; /* the kernel: stand-ins are attached */
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
	/* Read once for all: it has some 100,000 types. */
	struct btf *btf = btf__load_vmlinux_btf();
	uint32_t event;

	for (event = 0; event < WATCH_EVENTS; event++)
		missing[event] = btf && has_event(btf, event) ? NULL : needs[event].functions[0];
	btf__free(btf);
}

/* Of "fexit/FUNCTION", FUNCTION: such a program is loaded only where that exists. */
static const char *probed_function(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	if (strncmp(section, "fentry/", 7) != 0 && strncmp(section, "fexit/", 6) != 0)
		return NULL;
	return strchr(section, '/') + 1;
}

static int choose_programs(struct watch_bpf *bpf)
{
	struct btf *btf = btf__load_vmlinux_btf();
	struct bpf_program *program;

	if (!btf)
		return -errno;
	bpf_object__for_each_program(program, bpf->obj)
	{
		const char *function = probed_function(program);

		if (function)
			bpf_program__set_autoload(program, has_function(btf, function));
	}
	if (has_member(btf, "mptcp_sock", "bytes_sent"))
		bpf_program__set_autoload(bpf->progs.data_fin_due, false);
	bpf->rodata->kernel_tells_fallback = has_function(btf, "__mptcp_try_fallback");
	bpf->rodata->can_cast = has_function(btf, "bpf_rdonly_cast");
	btf__free(btf);
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
	bpf->rodata->wanted_events = filter->events;
	bpf->rodata->wanted_netns = filter->netns;
	bpf->rodata->wanted_port = filter->port;
	bpf->bss->wanted_cgroup = filter->cgroup;
	bpf->rodata->wanted_cgroup_set = filter->cgroup != 0;
	memcpy((char *)bpf->rodata->wanted_cgroup_path, filter->cgroup_path,
	       sizeof(filter->cgroup_path));
	bpf_program__set_autoload(bpf->progs.cgroup_created, filter->cgroup_path[0] != '\0');
	bpf->rodata->wanted_comm_set = filter->comm[0] != '\0';
	memcpy((char *)bpf->rodata->wanted_comm, filter->comm, sizeof(filter->comm));
	bpf->rodata->tell_initial = filter->initial;
	bpf->rodata->tick_ns = jiffy_ns();
	bpf->rodata->wake_records =
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

/* See bpf/stand_in.bpf.h. */
static bool is_stand_in(const struct bpf_program *program)
{
	static const char *const stand_ins[] = { "connect_second", "event_second", "event_third",
						 "destroyed_second" };
	size_t i;

	for (i = 0; i < sizeof(stand_ins) / sizeof(stand_ins[0]); i++) {
		if (strcmp(bpf_program__name(program), stand_ins[i]) == 0)
			return true;
	}
	return false;
}

/* Not the iterator, which is attached when it is read, nor what is only asked. */
static bool is_probe(const struct bpf_program *program)
{
	return bpf_program__type(program) == BPF_PROG_TYPE_TRACING &&
	       bpf_program__expected_attach_type(program) != BPF_TRACE_ITER;
}

static int attach(struct watcher *watcher)
{
	struct bpf_object_skeleton *skeleton = watcher->bpf->skeleton;
	int i;

	for (i = 0; i < skeleton->prog_cnt; i++) {
		struct bpf_program *program = *skeleton->progs[i].prog;

		if (!bpf_program__autoload(program) || !is_probe(program) ||
		    (is_stand_in(program) && !watcher->preemptible))
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

static enum exit_status load(struct watcher *watcher, const struct watch_filter *filter,
			     size_t buffer_size)
{
	int err;

	watcher->bpf = watch_bpf__open();
	if (!watcher->bpf)
		return features_explain("open the probes", -errno);
	err = choose_programs(watcher->bpf);
	if (!err)
		err = configure(watcher->bpf, filter, buffer_size);
	if (!err)
		err = watch_bpf__load(watcher->bpf);
	if (err)
		return features_explain("load the probes", err);
	watcher->records = ring_buffer__new(bpf_map__fd(watcher->bpf->maps.records), read_record,
					    watcher, NULL);
	if (!watcher->records)
		return features_explain("map the ring buffer", -errno);
	watcher->preemptible = kernel_is_preemptible(watcher->bpf->progs.ask_preemption,
						     &watcher->bpf->data->preemption);
	watcher->bpf->bss->stand_ins = watcher->preemptible;
	err = attach(watcher);
	if (err)
		return features_explain("attach the probes", err);
	/* The kernel's type information, some MiB, was needed for loading only. */
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
	struct bpf_link *link = bpf_program__attach_iter(watcher->bpf->progs.initial, NULL);
	int iterator, err;

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
	watcher->bpf->bss->gathered = 0;
	__atomic_store_n(&watcher->bpf->bss->gathering, wanted, __ATOMIC_SEQ_CST);
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
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	if (bpf_program__fd(program) < 0 ||
	    bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
		return 0;
	if (info.recursion_misses)
		log_debug("the kernel skipped %s %llu times", bpf_program__name(program),
			  info.recursion_misses);
	return info.recursion_misses;
}

uint64_t watcher_missed(const struct watcher *watcher)
{
	uint64_t missed = 0, misses;
	uint64_t taken_over = __atomic_load_n(&watcher->bpf->bss->taken_over, __ATOMIC_RELAXED);
	struct bpf_program *program;

	bpf_object__for_each_program(program, watcher->bpf->obj)
	{
		misses = misses_of(program);
		if (!is_stand_in(program))
			missed += misses;
	}
	return missed > taken_over ? missed - taken_over : 0;
}

void watcher_close(struct watcher *watcher)
{
	if (!watcher)
		return;
	ring_buffer__free(watcher->records);
	watch_bpf__destroy(watcher->bpf);
	free(watcher);
}
