// SPDX-License-Identifier: GPL-2.0-or-later
/* A caller that has closed standard descriptors: what is opened next must not get their numbers. */
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"
#include "common/std_fds.h"

/* In a child without these descriptors; returns what the next file is. */
static int next_without(int first, int last)
{
	int fd, status = -1;
	pid_t child = fork();

	if (child == 0) {
		for (fd = first; fd <= last; fd++)
			close(fd);
		ensure_std_fds();
		_exit(open("/dev/null", O_RDONLY));
	}
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_closed(void **state)
{
	int fd;

	(void)state;
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		assert_true(next_without(fd, fd) > STDERR_FILENO);
	assert_true(next_without(STDIN_FILENO, STDERR_FILENO) > STDERR_FILENO);
}

static void test_nothing_closed(void **state)
{
	int next = dup(STDIN_FILENO);

	(void)state;
	close(next);
	assert_int_equal(next_without(1, 0), next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_nothing_closed),
	};

	return cmocka_run_group_tests_name("std_fds", tests, NULL, NULL);
}
