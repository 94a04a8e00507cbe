// SPDX-License-Identifier: GPL-2.0-or-later
/* The service manager gets READY=1, whatever kind of address it listens on. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/fixture.h"
#include "force/notify.h"

/* The errno that socket() fails with in notify.c; 0 for none. */
static int socket_error;

int __wrap_socket(int family, int type, int protocol);
int __real_socket(int family, int type, int protocol);

int __wrap_socket(int family, int type, int protocol)
{
	if (!socket_error)
		return __real_socket(family, type, protocol);
	errno = socket_error;
	return -1;
}

static int set_up(void **state)
{
	socket_error = 0;
	return make_directory(state);
}

static int tear_down(void **state)
{
	unsetenv("NOTIFY_SOCKET");
	return remove_directory(state);
}

/* A service manager that listens on a path of this length, in the abstract namespace or not. */
static int wait_at(const char *path, size_t length)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_true(length <= sizeof(address.sun_path));
	memcpy(address.sun_path, path, length);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
			      offsetof(struct sockaddr_un, sun_path) + length),
			 0);
	return fd;
}

static void assert_ready(int fd)
{
	char message[64] = { 0 };

	assert_int_equal(recv(fd, message, sizeof(message), 0), strlen("READY=1"));
	assert_string_equal(message, "READY=1");
	assert_int_equal(recv(fd, message, sizeof(message), 0), -1);
	close(fd);
}

static void test_path(void **state)
{
	struct sockaddr_un longest = { 0 };
	int fd;

	/* As long as may be: the NUL behind it has just room. */
	snprintf(longest.sun_path, sizeof(longest.sun_path), "%s/%0*d", (char *)*state,
		 (int)(sizeof(longest.sun_path) - strlen(*state) - strlen("/") - 1), 0);
	assert_int_equal(strlen(longest.sun_path), sizeof(longest.sun_path) - 1);
	fd = wait_at(longest.sun_path, strlen(longest.sun_path));
	setenv("NOTIFY_SOCKET", longest.sun_path, 1);
	assert_int_equal(notify_ready(), 0);
	assert_ready(fd);
}

static void test_abstract(void **state)
{
	char address[64];
	int fd;

	(void)state;
	snprintf(address, sizeof(address), "@mptcp-force-unit-%d", getpid());
	setenv("NOTIFY_SOCKET", address, 1);
	address[0] = '\0';
	fd = wait_at(address, 1 + strlen(address + 1));
	assert_int_equal(notify_ready(), 0);
	assert_ready(fd);
}

static void test_nobody_asks(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	socket_error = EMFILE; /* would be returned if there was anything to send */
	assert_int_equal(notify_ready(), 0);
}

static void test_nobody_there(void **state)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/none", (char *)*state);
	setenv("NOTIFY_SOCKET", path, 1);
	assert_int_equal(notify_ready(), -ENOENT);
	setenv("NOTIFY_SOCKET", "@mptcp-force-unit-none", 1);
	assert_int_equal(notify_ready(), -ECONNREFUSED);
}

static void test_wrong_address(void **state)
{
	struct sockaddr_un address;
	char too_long[sizeof(address.sun_path) + 1];

	(void)state;
	setenv("NOTIFY_SOCKET", "relative/path", 1);
	assert_int_equal(notify_ready(), -EINVAL);
	setenv("NOTIFY_SOCKET", "", 1);
	assert_int_equal(notify_ready(), -EINVAL);
	snprintf(too_long, sizeof(too_long), "/%0*d", (int)sizeof(too_long) - 2, 0);
	setenv("NOTIFY_SOCKET", too_long, 1);
	assert_int_equal(notify_ready(), -EINVAL);
}

static void test_no_socket(void **state)
{
	(void)state;
	setenv("NOTIFY_SOCKET", "/any", 1);
	socket_error = EMFILE;
	assert_int_equal(notify_ready(), -EMFILE);
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_path),	    test_of(test_abstract),	 test_of(test_nobody_asks),
		test_of(test_nobody_there), test_of(test_wrong_address), test_of(test_no_socket),
	};

	return cmocka_run_group_tests_name("notify", tests, NULL, NULL);
}
