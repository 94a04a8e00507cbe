// SPDX-License-Identifier: GPL-2.0-or-later
/* Who refused a program, by the messages of libbpf. */
#include <errno.h>
#include <stdio.h>

#include "common/requirements.h"
#include "explained.h"
#include "fixture.h"
#include "common/rejection.h"

/* What libbpf says when the kernel refuses the program `event`; log: the verifier's, or NULL. */
static void refuse(const char *log)
{
	char text[512];

	rejection_note("libbpf: prog 'event': BPF program load failed: Permission denied\n");
	if (log) {
		snprintf(text, sizeof(text),
			 "libbpf: prog 'event': -- BEGIN PROG LOAD LOG --\n%s"
			 "-- END PROG LOAD LOG --\n",
			 log);
		rejection_note(text);
	}
	rejection_note("libbpf: failed to load object 'watch_bpf'\n");
}

static void test_policy(void **state)
{
	(void)state;
	refuse(NULL);
	assert_string_equal(rejection_last()->program, "event");
	assert_false(rejection_last()->by_verifier);
	assert_explained(-EPERM, STATUS_NOT_PERMITTED,
			 "cannot load the programs: Operation not permitted (forbidden by kernel "
			 "lockdown, a security module or a container");
}

static void test_verifier(void **state)
{
	(void)state;
	refuse("R2 unbounded memory access, use 'var &= const' or 'if (var < const)'\n"
	       "processed 112 insns (limit 1000000)\n");
	assert_true(rejection_last()->by_verifier);
	assert_explained(
		-EACCES, STATUS_FAILED,
		"cannot load the programs: the kernel's verifier rejected program 'event': "
		"Permission denied (please report this with the output of -v)\n");
	/* Until the next. */
	refuse(NULL);
	assert_false(rejection_last()->by_verifier);
}

static void test_helper(void **state)
{
	(void)state;
	refuse("program of this type cannot use helper bpf_probe_read_kernel#113\n"
	       "processed 9 insns (limit 1000000)\n");
	assert_explained(
		-EINVAL, STATUS_NOT_PERMITTED,
		"cannot load the programs: Invalid argument (kernel lockdown does not let BPF programs call "
		"bpf_probe_read_kernel; boot without lockdown=confidentiality)\n");
	refuse("unknown func bpf_probe_read_kernel#113\nprocessed 9 insns (limit 1000000)\n");
	assert_string_equal(rejection_last()->helper, "bpf_probe_read_kernel");
}

static void test_no_address(void **state)
{
	(void)state;
	refuse("The address of function mptcp_connect cannot be found\n"
	       "processed 0 insns (limit 1000000)\n");
	assert_true(rejection_last()->no_address);
	refuse("processed 9 insns (limit 1000000)\n");
	assert_false(rejection_last()->no_address);
}

static void test_other_warnings(void **state)
{
	(void)state;
	refuse(NULL);
	rejection_note("libbpf: map 'records': failed to create: Operation not permitted(-1)\n");
	assert_false(rejection_last()->by_verifier);
}

/* An old arm64 loads such programs, and then does not attach them. */
static void test_unsupported(void **state)
{
	(void)state;
	refuse(NULL);
	assert_explained(
		-524, STATUS_UNSUPPORTED,
		"cannot load the programs: this kernel does not support attaching BPF programs to its "
		"functions (on arm64, install Linux 6.4 or later)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy),	       cmocka_unit_test(test_verifier),
		cmocka_unit_test(test_helper),	       cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_other_warnings), cmocka_unit_test(test_unsupported),
	};

	return cmocka_run_group_tests_name("rejection", tests, NULL, NULL);
}
