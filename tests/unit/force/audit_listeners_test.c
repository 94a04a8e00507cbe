// SPDX-License-Identifier: GPL-2.0-or-later
/* Which programs have inherited their listeners; the iterator is replaced. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/fixture.h"
#include "force/audit_listeners.h"
#include "force/iterator.h"

#define OUTSIDE(number)                                                                            \
	{                                                                                          \
		.inode = (number)                                                                  \
	}
#define INSIDE(number, id)                                                                         \
	{                                                                                          \
		.inode = (number), .in_scope = 1, .program = {.inode = (id) }                      \
	}

static const struct audit_listener held[] = {
	INSIDE(10, 1), INSIDE(10, 1), OUTSIDE(10), /* by both workers of program 1 */
	INSIDE(11, 1), INSIDE(11, 2),		   /* by two programs in scope */
	OUTSIDE(12),   INSIDE(13, 2), OUTSIDE(13), INSIDE(14, 1),
	OUTSIDE(14),   OUTSIDE(15),   OUTSIDE(15), OUTSIDE(16),
	OUTSIDE(17),   OUTSIDE(18),   OUTSIDE(19), OUTSIDE(20), /* more than one read returns */
};

/* The bytes that were read, or the error to return then. */
static size_t position;
static int open_error, read_error;

int __wrap_iterator_open(int program, union bpf_iter_link_info *selection);
ssize_t __wrap_iterator_read(int iterator, void *buffer, size_t size);

int __wrap_iterator_open(int program, union bpf_iter_link_info *selection)
{
	assert_int_equal(program, 5);
	assert_null(selection);
	position = 0;
	return open_error ? open_error : open("/dev/null", O_RDONLY | O_CLOEXEC);
}

ssize_t __wrap_iterator_read(int iterator, void *buffer, size_t size)
{
	size_t left = sizeof(held) - position, count = left < size ? left : size;

	(void)iterator;
	if (read_error && !count)
		return read_error;
	memcpy(buffer, (const char *)held + position, count);
	position += count;
	return (ssize_t)count;
}

static uint64_t inherited_by(const struct audit_listeners *listeners, uint64_t id)
{
	const struct audit_key program = { .inode = id };

	return audit_listeners_inherited(listeners, &program);
}

static void test_inherited(void **state)
{
	struct audit_listeners listeners = { .count = 0 };

	(void)state;
	assert_int_equal(inherited_by(&listeners, 1), 0);
	assert_int_equal(audit_listeners_read(&listeners, 5), 0);
	assert_int_equal(inherited_by(&listeners, 1), 2);
	assert_int_equal(inherited_by(&listeners, 2), 1);
	assert_int_equal(inherited_by(&listeners, 0), 0);
	audit_listeners_free(&listeners);
}

static void test_errors(void **state)
{
	struct audit_listeners listeners = { .count = 0 };

	(void)state;
	open_error = -EPERM;
	assert_int_equal(audit_listeners_read(&listeners, 5), -EPERM);
	open_error = 0;
	read_error = -EINTR;
	assert_int_equal(audit_listeners_read(&listeners, 5), -EINTR);
	audit_listeners_free(&listeners);
	read_error = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inherited),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
