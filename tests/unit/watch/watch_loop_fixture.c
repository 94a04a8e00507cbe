// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "common/cgroup.h"
#include "common/fixture.h"
#include "fake_watcher.h"
#include "stdout_pipe.h"
#include "watch_loop_fixture.h"

struct watch_options chosen;
struct watch_loop loop;
int signal_fd, reader;
unsigned int formatted;

static sigset_t ending;

int __wrap_cgroup_find_mount(struct cgroup_mount *mount);

/* No cgroup is found but the root of all, which no sample is in. */
int __wrap_cgroup_find_mount(struct cgroup_mount *mount)
{
	(void)mount;
	return -1;
}

void __real_event_json(struct strbuf *lines, const struct watch_record *record,
		       const struct print_context *context);
void __wrap_event_json(struct strbuf *lines, const struct watch_record *record,
		       const struct print_context *context);

void __wrap_event_json(struct strbuf *lines, const struct watch_record *record,
		       const struct print_context *context)
{
	formatted++;
	__real_event_json(lines, record, context);
}

int watch_set_up(void **state)
{
	int err = make_directory(state);

	memset(&kernel, 0, sizeof(kernel));
	formatted = 0;
	kernel.fd = eventfd(0, EFD_CLOEXEC);
	loop = (struct watch_loop){ 0 };
	chosen = (struct watch_options){ .json = true, .filter.events = ~0U };
	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigprocmask(SIG_BLOCK, &ending, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal_fd = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	return err;
}

int watch_tear_down(void **state)
{
	close(signal_fd);
	close(kernel.fd);
	return remove_directory(state);
}

enum exit_status watch(const char **messages)
{
	enum exit_status status;

	capture_start();
	status = watch_loop_open(&loop, &chosen, signal_fd);
	if (!status) {
		status = watch_loop_run(&loop);
		/* Ends the test when the signal that ended the loop is still there. */
		sigprocmask(SIG_UNBLOCK, &ending, NULL);
		status = watch_loop_finish(&loop, status);
	}
	status = watch_loop_close(&loop, status);
	*messages = capture_end();
	stdout_pipe_end();
	return status;
}

const char *events_printed(void)
{
	static char events[1024];
	const char *line = stdout_pipe_read(reader), *end;
	size_t length = 0;

	events[0] = '\0';
	while ((line = strstr(line, "\"event\":\""))) {
		line += strlen("\"event\":\"");
		end = strchr(line, '"');
		assert_non_null(end);
		length += (size_t)snprintf(events + length, sizeof(events) - length, "%.*s ",
					   (int)(end - line), line);
	}
	close(reader);
	return events;
}

void assert_watched(enum exit_status wanted, const char *events)
{
	enum exit_status status;
	const char *messages;

	status = watch(&messages);
	assert_int_equal(status, wanted);
	if (wanted == STATUS_OK)
		assert_string_equal(messages, "watching MPTCP\n");
	assert_string_equal(events_printed(), events);
}
