// SPDX-License-Identifier: GPL-2.0-or-later
/* Too few file descriptors are reported before anything is opened, with what to do, and none stays open. */
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fixture.h"
#include "common/descriptors.h"

static int next_descriptor(void)
{
	int fd = open("/", O_PATH | O_CLOEXEC);

	assert_true(fd >= 0);
	close(fd);
	return fd;
}

/* The limit that leaves room for this many more: the caller may have any open. */
static rlim_t limit_for(int count)
{
	rlim_t limit;

	for (limit = 0; count > 0; limit++) {
		if (fcntl((int)limit, F_GETFD) < 0)
			count--;
	}
	return limit;
}

static enum exit_status require_with_room_for(int count)
{
	struct rlimit before, during;
	enum exit_status status;
	int first = next_descriptor();

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	during = before;
	during.rlim_cur = limit_for(count);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &during), 0);
	status = descriptors_require("watch");
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(next_descriptor(), first);
	return status;
}

static void test_enough(void **state)
{
	const char *said;

	(void)state;
	capture_start();
	assert_int_equal(require_with_room_for(DESCRIPTORS_NEEDED), STATUS_OK);
	said = capture_end();
	assert_string_equal(said, "");
}

static void test_too_few(void **state)
{
	(void)state;
	capture_start();
	assert_int_equal(require_with_room_for(DESCRIPTORS_NEEDED - 1), STATUS_FAILED);
	assert_contains(capture_end(), "cannot watch: Too many open files (up to 160 more are "
				       "needed; raise the limit: 'ulimit -n', or LimitNOFILE= of a "
				       "systemd unit)\n");
}

static void test_full_system(void **state)
{
	(void)state;
	capture_start();
	descriptors_explain("enforce", -ENFILE);
	assert_contains(capture_end(), "cannot enforce: Too many open files in system (close some, "
				       "or raise the limit: sysctl fs.file-max)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enough),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_full_system),
	};

	return cmocka_run_group_tests_name("descriptors", tests, NULL, NULL);
}
