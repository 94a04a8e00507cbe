// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"
#include "common/nsec.h"
#include "event.h"
#include "watch_loop.h"

/*
 * Records seldom come alone. The first is printed immediately, and those that follow within this time as one
 * batch, or earlier if they reach the wakeup threshold: one wakeup and one write instead of a hundred.
 */
#define BATCH_MS 100

/* At the end, how long to wait for a reader that takes nothing. */
#define PATIENCE_MS 1000

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* The path of the owner's cgroup, if it is needed. A new path is recorded before the first record that needs it. */
static const char *find_cgroup(struct watch_loop *loop, const struct watch_record *record)
{
	const char *path;
	bool is_new;

	if (!record->owner.pid || !(loop->recording || printer_shows_cgroup(&loop->printer)))
		return NULL;
	path = cgroup_names_look_up(loop->cgroups, record->owner.cgroup, &is_new);
	if (is_new && loop->recording)
		recording_add_cgroup(loop->recording, record->owner.cgroup, path);
	return path;
}

/*
 * Probes use CLOCK_MONOTONIC, which stops while the machine is suspended. The offset of the wall clock changes
 * then, and when the wall clock is set. Smaller changes are ignored: the clock is being slewed.
 */
static void update_clock(struct watch_loop *loop)
{
	int64_t now = now_ns(CLOCK_REALTIME) - now_ns(CLOCK_MONOTONIC);
	int64_t change = now - loop->context.wall_offset_ns;

	if (change > -NSEC_PER_SEC && change < NSEC_PER_SEC)
		return;
	loop->context.wall_offset_ns = now;
	if (loop->recording)
		recording_add_clock(loop->recording, now);
}

static int handle_record(void *context, const struct watch_record *record)
{
	struct watch_loop *loop = context;

	if (printer_done(&loop->printer))
		return 0;
	loop->context.cgroup = find_cgroup(loop, record);
	printer_print(&loop->printer, record, &loop->context);
	if (loop->recording)
		recording_add(loop->recording, record);
	return 0;
}

static void report_lost_event(struct watch_loop *loop, uint32_t event, uint32_t reason)
{
	uint64_t lost = watcher_lost(loop->watcher, event, reason);
	uint64_t *reported = &loop->lost_reported[reason][event];
	struct watch_record record = { .type = WATCH_LOST, .size = sizeof(record) };

	if (lost == *reported)
		return;
	record.mono_ns = (uint64_t)now_ns(CLOCK_MONOTONIC);
	record.lost.event = event;
	record.lost.reason = reason;
	record.lost.count = lost - *reported;
	*reported = lost;
	handle_record(loop, &record);
}

static void report_lost(struct watch_loop *loop)
{
	uint32_t event, reason;

	watcher_count_skipped(loop->watcher);
	for (reason = 0; reason < WATCH_LOST_REASONS; reason++) {
		for (event = 0; event < WATCH_EVENTS; event++)
			report_lost_event(loop, event, reason);
	}
}

/* Write the lines. Returns an exit status; sets *ended if the loop is to end. */
static enum exit_status flush(struct watch_loop *loop, bool *ended)
{
	enum exit_status status = STATUS_OK;

	if (loop->recording)
		status = recording_status(loop->recording);
	switch (output_flush(loop->printer.output)) {
	case OUTPUT_WRITTEN:
		break;
	case OUTPUT_READER_GONE:
	case OUTPUT_INTERRUPTED:
		*ended = true;
		break;
	case OUTPUT_FAILED:
		status = STATUS_FAILED;
		break;
	}
	if (status || printer_done(&loop->printer))
		*ended = true;
	return status;
}

/* Returns an exit status. *silent counts the consecutive reads that found nothing. */
static enum exit_status read_records(struct watch_loop *loop, unsigned int *silent)
{
	int count;

	update_clock(loop);
	count = watcher_read(loop->watcher);
	*silent = count ? 0 : *silent + 1;
	if (count >= 0)
		return STATUS_OK;
	log_error("cannot read the ring buffer: %s", strerror(-count));
	return STATUS_FAILED;
}

/*
 * A signal or the timer ends the loop, and must also interrupt a wait for the reader. That wait watches a single
 * descriptor, so both are behind stop_fd.
 */
static bool stop_when_readable(struct watch_loop *loop, int fd)
{
	struct epoll_event readable = { .events = EPOLLIN };

	if (epoll_ctl(loop->stop_fd, EPOLL_CTL_ADD, fd, &readable) == 0)
		return true;
	log_error("cannot wait for signals and timers: %s", strerror(errno));
	return false;
}

/* Lost events are reported at this interval, even if no other events arrive. */
#define LOST_INTERVAL_S 1

static void report_lost_when_due(struct watch_loop *loop)
{
	uint64_t expirations;

	if (read(loop->lost_fd, &expirations, sizeof(expirations)) > 0)
		report_lost(loop);
}

/* A timer that expires after that many seconds, and then at each interval (0: once); -1: error, logged. */
static int start_timer(unsigned long seconds, unsigned long interval)
{
	const struct itimerspec when = { .it_value.tv_sec = (time_t)seconds,
					 .it_interval.tv_sec = (time_t)interval };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0 && timerfd_settime(fd, 0, &when, NULL) == 0)
		return fd;
	log_error("cannot start a timer: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static enum exit_status start_timers(struct watch_loop *loop, unsigned long duration)
{
	loop->lost_fd = start_timer(LOST_INTERVAL_S, LOST_INTERVAL_S);
	if (loop->lost_fd < 0)
		return STATUS_FAILED;
	if (!duration)
		return STATUS_OK;
	loop->timer_fd = start_timer(duration, 0);
	if (loop->timer_fd < 0 || !stop_when_readable(loop, loop->timer_fd))
		return STATUS_FAILED;
	return STATUS_OK;
}

/* The cgroup may have been created, or re-created, before the kernel followed it. */
static void refresh_cgroup(struct watch_loop *loop, const struct watch_options *chosen)
{
	uint64_t id;

	if (watch_options_refresh(chosen, &id))
		watcher_set_cgroup(loop->watcher, chosen->filter.cgroup, id);
}

enum exit_status watch_loop_open(struct watch_loop *loop, const struct watch_options *chosen,
				 int signal_fd)
{
	enum exit_status status = STATUS_OK;
	int err;

	loop->signal_fd = signal_fd;
	loop->timer_fd = -1;
	loop->lost_fd = -1;
	update_clock(loop);
	loop->stop_fd = epoll_create1(EPOLL_CLOEXEC);
	if (!stop_when_readable(loop, signal_fd) ||
	    !printer_open(&loop->printer, chosen, loop->stop_fd))
		return STATUS_FAILED;
	loop->cgroups = cgroup_names_new();
	if (!loop->cgroups) {
		log_error("cannot start: out of memory");
		return STATUS_FAILED;
	}
	/* Before the probes are loaded, which takes a while. */
	if (chosen->record)
		status = recording_open(&loop->recording, chosen->record, loop->stop_fd);
	if (!status)
		status = watcher_open(&loop->watcher, &chosen->filter, chosen->buffer_size,
				      handle_record, loop);
	if (!status)
		refresh_cgroup(loop, chosen);
	/* Only now, so that a failed start keeps the content of the file. */
	if (!status && loop->recording)
		status = recording_start(loop->recording, loop->context.wall_offset_ns);
	if (status)
		return status;
	log_notice("watching MPTCP");
	status = start_timers(loop, chosen->duration);
	if (status)
		return status;
	err = watcher_report_initial(loop->watcher);
	if (err)
		log_warning("cannot list connections that are already open: %s", strerror(-err));
	return STATUS_OK;
}

/*
 * From here on, a stalled reader delays the end only briefly. Consume the signal, so that it does not end the
 * process when signals are unblocked.
 */
static void hurry(struct watch_loop *loop)
{
	struct signalfd_siginfo signal;
	ssize_t ignored = read(loop->signal_fd, &signal, sizeof(signal));

	(void)ignored;
	output_hurry(loop->printer.output, PATIENCE_MS);
	if (loop->recording)
		recording_hurry(loop->recording, PATIENCE_MS);
}

/*
 * How many consecutive reads must find nothing before the loop waits without a timeout: one at the end of a
 * batch, and one more for a record that was being written at that moment, without a wakeup.
 */
#define ALL_READ 2

enum exit_status watch_loop_run(struct watch_loop *loop)
{
	/* poll() reports an output without a reader in any case. */
	struct pollfd fds[] = { { .fd = loop->stop_fd, .events = POLLIN },
				{ .fd = STDOUT_FILENO },
				{ .fd = loop->lost_fd, .events = POLLIN },
				{ .fd = watcher_fd(loop->watcher), .events = POLLIN } };
	unsigned int silent = ALL_READ;
	enum exit_status status;
	bool ended = false;

	/* The connections that are already open. */
	status = flush(loop, &ended);
	while (!ended) {
		watcher_batch(loop->watcher, !silent);
		if (poll(fds, 4, silent < ALL_READ ? BATCH_MS : -1) < 0 && errno != EINTR)
			break;
		if (fds[0].revents || fds[1].revents)
			break;
		status = read_records(loop, &silent);
		if (status)
			break;
		report_lost_when_due(loop);
		status = flush(loop, &ended);
	}
	hurry(loop);
	return status;
}

/* Says which events may be missing; how many of each is not known. */
static void warn_of_missed(void *context, const struct missed_calls *missed)
{
	char events[256] = "";
	size_t length = 0;
	uint32_t event;

	(void)context;
	for (event = 0; event < WATCH_EVENTS; event++) {
		if (missed->events & 1U << event)
			length += (size_t)snprintf(events + length, sizeof(events) - length, "%s%s",
						   length ? ", " : "", event_name(event));
	}
	log_warning("the kernel skipped the probe of %s up to %" PRIu64
		    " time%s: %s may be missing",
		    missed->function, missed->calls, missed->calls == 1 ? "" : "s",
		    missed->owner
			    ? "owners of connections and, with --cgroup or --comm, their events"
			    : events);
}

enum exit_status watch_loop_finish(struct watch_loop *loop, enum exit_status status)
{
	unsigned int silent = 0;
	bool ended = false;

	watcher_count_missed(loop->watcher, warn_of_missed, NULL);
	watcher_detach(loop->watcher);
	if (!status)
		status = read_records(loop, &silent);
	if (status)
		return status;
	report_lost(loop);
	return flush(loop, &ended);
}

enum exit_status watch_loop_close(struct watch_loop *loop, enum exit_status status)
{
	enum exit_status recorded = recording_close(loop->recording);

	watcher_close(loop->watcher);
	printer_close(&loop->printer);
	cgroup_names_free(loop->cgroups);
	if (loop->timer_fd >= 0)
		close(loop->timer_fd);
	if (loop->lost_fd >= 0)
		close(loop->lost_fd);
	if (loop->stop_fd >= 0)
		close(loop->stop_fd);
	return status ? status : recorded;
}
