// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "common/kernel_btf.h"
#include "common/log.h"
#include "common/preemptible.h"
#include "common/requirements.h"
#include "watch/watch.skel.h"
#include "watcher.h"

struct watcher {
	struct watch_bpf *bpf;
	struct probes probes; /* of bpf */
	struct ring_buffer *records;
	uint64_t skipped[WATCH_EVENTS]; /* that the kernel may have skipped probes for */
	watcher_callback callback;
	void *context;
};

/* The length of a tick: the resolution of a clock that only ticks advance. */
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
	bpf->rodata->filter_cgroup_set = filter->cgroup || filter->cgroup_path[0];
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

void watcher_set_cgroup(struct watcher *watcher, uint64_t from, uint64_t to)
{
	__u64 expected = from;

	__atomic_compare_exchange_n(&watcher->bpf->bss->filter_cgroup, &expected, to, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static int read_record(void *context, void *data, size_t size)
{
	struct watcher *watcher = context;

	if (size < sizeof(struct watch_record))
		return 0;
	return watcher->callback(watcher->context, data);
}

/* Returns 0 or -errno. Retries without programs whose function has no address. */
static int load_programs(struct watcher *watcher, const struct watch_filter *filter,
			 size_t buffer_size)
{
	int err;

	do {
		watch_bpf__destroy(watcher->bpf);
		watcher->bpf = watch_bpf__open();
		if (!watcher->bpf)
			return -errno;
		err = probes_choose(&watcher->probes, watcher->bpf);
		if (!err)
			err = configure(watcher->bpf, filter, buffer_size);
		if (!err)
			err = watch_bpf__load(watcher->bpf);
	} while (err && probes_note_absent(&watcher->probes, watcher->bpf));
	return err;
}

static enum exit_status load(struct watcher *watcher, const struct watch_filter *filter,
			     size_t buffer_size)
{
	int err;

	watcher->probes.preemptible = kernel_is_preemptible();
	err = load_programs(watcher, filter, buffer_size);
	if (err)
		return requirements_explain("load the probes", err);
	watcher->records = ring_buffer__new(bpf_map__fd(watcher->bpf->maps.records), read_record,
					    watcher, NULL);
	if (!watcher->records)
		return requirements_explain("create the ring buffer", -errno);
	watcher->bpf->bss->preempted_spares = watcher->probes.preemptible;
	err = probes_attach(watcher->bpf);
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
	watcher->probes.events = filter->events;
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
	/* The iterator writes a byte per connection. This many records fit into the ring buffer. */
	char listed[64];
	ssize_t count;
	int consumed;

	do {
		count = read(iterator, listed, sizeof(listed));
		if (count < 0 && errno != EAGAIN)
			return -errno;
		consumed = watcher_read(watcher);
		if (consumed < 0)
			return consumed;
	} while (count);
	return 0;
}

int watcher_report_initial(struct watcher *watcher)
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

void watcher_batch(struct watcher *watcher, bool wanted)
{
	watcher->bpf->bss->batched = 0;
	__atomic_store_n(&watcher->bpf->bss->batching, wanted, __ATOMIC_SEQ_CST);
}

void watcher_detach(struct watcher *watcher)
{
	watch_bpf__detach(watcher->bpf);
}

static void add_skipped(void *context, const struct missed_calls *missed)
{
	uint64_t *skipped = context;
	uint32_t event;

	for (event = 0; event < WATCH_EVENTS; event++) {
		if (missed->events & 1U << event)
			skipped[event] += missed->calls;
	}
}

void watcher_count_skipped(struct watcher *watcher)
{
	uint64_t skipped[WATCH_EVENTS] = { 0 };
	uint32_t event;

	probes_count_missed(&watcher->probes, watcher->bpf, add_skipped, skipped);
	/* A call that a spare is about to handle is counted until it does. */
	for (event = 0; event < WATCH_EVENTS; event++) {
		if (skipped[event] > watcher->skipped[event])
			watcher->skipped[event] = skipped[event];
	}
}

uint64_t watcher_lost(const struct watcher *watcher, uint32_t event, uint32_t reason)
{
	if (reason == WATCH_LOST_PROBE_SKIPPED)
		return watcher->skipped[event];
	return __atomic_load_n(&watcher->bpf->bss->lost[reason][event], __ATOMIC_RELAXED);
}

void watcher_count_missed(const struct watcher *watcher, missed_calls_callback callback,
			  void *context)
{
	probes_count_missed(&watcher->probes, watcher->bpf, callback, context);
}

void watcher_close(struct watcher *watcher)
{
	if (!watcher)
		return;
	ring_buffer__free(watcher->records);
	watch_bpf__destroy(watcher->bpf);
	free(watcher);
}
