// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <sys/eventfd.h>

#include "common/fixture.h"
#include "fake_watcher.h"
#include "sample_record.h"

struct fake_kernel kernel;

enum exit_status watcher_open(struct watcher **watcher, const struct watch_filter *filter,
			      size_t buffer_size, watcher_callback callback, void *context)
{
	(void)filter;
	(void)buffer_size;
	*watcher = NULL;
	kernel.opened = true;
	kernel.callback = callback;
	kernel.context = context;
	return STATUS_OK;
}

void submit(uint32_t event)
{
	kernel.records[kernel.count++] = event;
	eventfd_write(kernel.fd, 1);
}

static int hand_out(uint32_t event)
{
	const struct watch_record record = sample_record(event);

	return kernel.callback(kernel.context, &record);
}

int watcher_report_initial(struct watcher *watcher)
{
	(void)watcher;
	return kernel.initial ? hand_out(kernel.initial) : 0;
}

void watcher_set_cgroup(struct watcher *watcher, uint64_t from, uint64_t to)
{
	(void)watcher;
	(void)from;
	(void)to;
}

int watcher_fd(const struct watcher *watcher)
{
	(void)watcher;
	return kernel.fd;
}

void watcher_batch(struct watcher *watcher, bool wanted)
{
	(void)watcher;
	(void)wanted;
}

int watcher_read(struct watcher *watcher)
{
	unsigned int i, read = kernel.count;
	eventfd_t count;

	(void)watcher;
	if (kernel.count)
		eventfd_read(kernel.fd, &count);
	for (i = 0; i < kernel.count; i++)
		assert_int_equal(hand_out(kernel.records[i]), 0);
	kernel.count = 0;
	if (kernel.signal)
		raise(kernel.signal);
	kernel.signal = 0;
	return kernel.error ? kernel.error : (int)read;
}

/* What came after the last reading is still to be read. */
void watcher_detach(struct watcher *watcher)
{
	unsigned int i;

	(void)watcher;
	for (i = 0; i <= kernel.last; i++)
		submit(WATCH_CLOSED);
}

void watcher_count_skipped(struct watcher *watcher)
{
	(void)watcher;
	kernel.skipped_counted = true;
}

uint64_t watcher_lost(const struct watcher *watcher, uint32_t event, uint32_t reason)
{
	(void)watcher;
	return kernel.lost[reason][event];
}

void watcher_count_missed(const struct watcher *watcher, missed_calls_callback callback,
			  void *context)
{
	size_t i;

	(void)watcher;
	for (i = 0; i < sizeof(kernel.missed) / sizeof(kernel.missed[0]); i++) {
		if (kernel.missed[i].calls)
			callback(context, &kernel.missed[i]);
	}
}

void watcher_close(struct watcher *watcher)
{
	(void)watcher;
}
