// SPDX-License-Identifier: GPL-2.0-or-later
/* What a kernel or a caller lacks is found, and reported with the remedy and the right exit status. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <cap-ng.h>

#include "common/kernel_btf.h"
#include "common/requirements.h"
#include "explained.h"
#include "fixture.h"

#define BTF	      "/sys/kernel/btf/vmlinux"
#define ENABLED	      "/proc/sys/net/mptcp/enabled"
#define KALLSYMS      "/proc/kallsyms"
#define KPTR_RESTRICT "/proc/sys/kernel/kptr_restrict"
#define MOUNTINFO     "/proc/self/mountinfo"

#define BIT(number) (UINT64_C(1) << (number))

/* A host: the paths that access() finds, the functions in its kernel's BTF, the caller's rights. */
static struct {
	bool has_btf, has_mptcp;
	const char *functions[4];
	uint64_t capabilities;
	ino_t user_namespace;
} host;

int __wrap_access(const char *path, int mode);
struct btf *__wrap_btf__load_vmlinux_btf(void);
int __wrap_capng_have_capability(capng_type_t set, unsigned int capability);
int __wrap_stat(const char *path, struct stat *status);

int __wrap_access(const char *path, int mode)
{
	(void)mode;
	if (strcmp(path, BTF) == 0)
		return host.has_btf ? 0 : -1;
	assert_string_equal(path, ENABLED);
	return host.has_mptcp ? 0 : -1;
}

struct btf *__wrap_btf__load_vmlinux_btf(void)
{
	struct btf *btf = host.has_btf ? btf__new_empty() : NULL;
	size_t i;

	for (i = 0; btf && i < sizeof(host.functions) / sizeof(host.functions[0]); i++) {
		if (host.functions[i])
			btf__add_func(btf, host.functions[i], BTF_FUNC_STATIC, 1);
	}
	return btf;
}

int __wrap_capng_have_capability(capng_type_t set, unsigned int capability)
{
	assert_int_equal(set, CAPNG_EFFECTIVE);
	return (host.capabilities & BIT(capability)) != 0;
}

int __wrap_stat(const char *path, struct stat *status)
{
	assert_string_equal(path, "/proc/self/ns/user");
	status->st_ino = host.user_namespace;
	return host.user_namespace ? 0 : -1;
}

/* A host that has everything, and root. */
static int set_up(void **state)
{
	(void)state;
	host.has_btf = host.has_mptcp = true;
	host.functions[0] = "update_socket_protocol";
	host.functions[1] = "__sys_socket_file";
	host.functions[2] = "mptcpv6_handle_mapped";
	host.functions[3] = "bpf_loop";
	kernel_btf_forget();
	host.capabilities = UINT64_MAX;
	host.user_namespace = 0xeffffffd;
	return 0;
}

static void test_descriptions(void **state)
{
	const struct requirement *requirement, *other;
	int id, before;

	(void)state;
	for (id = 0; id < REQUIREMENTS; id++) {
		requirement = requirement_describe(id);
		assert_true(requirement->name && *requirement->name);
		assert_true(requirement->title && *requirement->title);
		assert_true(requirement->remedy && *requirement->remedy);
		assert_int_equal(requirement->required, requirement->if_missing != STATUS_OK);
		for (before = 0; before < id; before++) {
			other = requirement_describe(before);
			assert_string_not_equal(requirement->name, other->name);
			assert_string_not_equal(requirement->title, other->title);
		}
	}
}

static enum exit_status require_all(void)
{
	static const enum requirement_id all[] = { REQUIREMENT_BTF, REQUIREMENT_HOOK,
						   REQUIREMENT_MPTCP, REQUIREMENT_PERMISSION,
						   REQUIREMENT_ADDRESSES };

	return requirements_check("enforce", all, sizeof(all) / sizeof(all[0]));
}

/* requirements_check() must end like this, and its message must have all three parts. */
static void assert_lacking(enum exit_status wanted, const char *what, const char *remedy)
{
	enum exit_status status;
	struct utsname kernel;
	const char *printed;

	capture_start();
	status = require_all();
	printed = capture_end();
	assert_int_equal(status, wanted);
	assert_contains(printed, "cannot enforce: ");
	if (wanted == STATUS_UNSUPPORTED) {
		uname(&kernel);
		assert_contains(printed, kernel.release);
	}
	assert_contains(printed, what);
	assert_contains(printed, remedy);
}

static void test_nothing_lacking(void **state)
{
	const char *printed;
	int status;

	(void)state;
	capture_start();
	status = require_all();
	printed = capture_end();
	assert_int_equal(status, STATUS_OK);
	assert_string_equal(printed, "");
}

static void test_no_hook(void **state)
{
	(void)state;
	assert_true(requirement_met(REQUIREMENT_HOOK));
	kernel_btf_forget();
	host.functions[0] = "update_socket_protocols";
	host.capabilities = 0; /* which would not help */
	assert_false(requirement_met(REQUIREMENT_HOOK));
	assert_lacking(STATUS_UNSUPPORTED, "lacks the hook update_socket_protocol (",
		       "install Linux 6.6 or later; on Debian 12, linux-image-amd64 from "
		       "bookworm-backports");
}

/* As Linux 5.15. */
static void test_no_loop(void **state)
{
	static const enum requirement_id loop[] = { REQUIREMENT_LOOP };
	enum exit_status status;
	const char *printed;

	(void)state;
	assert_true(requirement_met(REQUIREMENT_LOOP));
	host.functions[3] = NULL;
	kernel_btf_forget();
	capture_start();
	status = requirements_check("watch", loop, 1);
	printed = capture_end();
	assert_int_equal(status, STATUS_UNSUPPORTED);
	assert_contains(printed,
			" lacks the BPF helper bpf_loop() (install Linux 5.17 or later)\n");
}

static void test_no_btf(void **state)
{
	(void)state;
	assert_true(requirement_met(REQUIREMENT_BTF));
	host.has_btf = false;
	assert_false(requirement_met(REQUIREMENT_BTF));
	assert_false(requirement_met(REQUIREMENT_HOOK));
	assert_lacking(STATUS_UNSUPPORTED, "lacks the kernel's type information (" BTF ")",
		       "CONFIG_DEBUG_INFO_BTF=y");
}

static void test_no_mptcp(void **state)
{
	(void)state;
	assert_true(requirement_met(REQUIREMENT_MPTCP));
	host.has_mptcp = false;
	assert_false(requirement_met(REQUIREMENT_MPTCP));
	assert_lacking(STATUS_UNSUPPORTED, "lacks Multipath TCP (" ENABLED ")", "CONFIG_MPTCP=y");
}

static void test_capabilities(void **state)
{
	static const struct {
		uint64_t capabilities;
		bool enough;
	} cases[] = {
		{ BIT(CAP_SYS_ADMIN) | BIT(CAP_SYSLOG), true },
		{ BIT(CAP_BPF) | BIT(CAP_PERFMON) | BIT(CAP_SYSLOG), true },
		{ BIT(CAP_BPF) | BIT(CAP_PERFMON), false },
		{ BIT(CAP_BPF) | BIT(CAP_SYSLOG), false },
		{ BIT(CAP_PERFMON) | BIT(CAP_SYSLOG), false },
		{ BIT(CAP_SYS_ADMIN), false },
		{ 0, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		host.capabilities = cases[i].capabilities;
		assert_int_equal(requirement_met(REQUIREMENT_PERMISSION), cases[i].enough);
	}
	assert_lacking(STATUS_NOT_PERMITTED,
		       "not permitted without the capabilities CAP_BPF, CAP_PERFMON and "
		       "CAP_SYSLOG (",
		       "run it as root");
}

/* Root there has every capability, of the namespace. */
static void test_user_namespace(void **state)
{
	(void)state;
	assert_true(requirement_met(REQUIREMENT_PERMISSION));
	host.user_namespace = 4026531837 + 200;
	assert_false(requirement_met(REQUIREMENT_PERMISSION));
	assert_lacking(STATUS_NOT_PERMITTED,
		       "not permitted without the capabilities CAP_BPF, CAP_PERFMON and "
		       "CAP_SYSLOG of the host (",
		       "run it as root of the host, not in a user namespace");
	host.user_namespace = 0; /* no /proc */
	assert_true(requirement_met(REQUIREMENT_PERMISSION));
}

static void test_symbol(void **state)
{
	static const struct {
		const char *symbols;
		bool found;
	} cases[] = {
		{ "ffffffff81000000 T _text\nffffffff82345678 b mptcp_pernet_id\n", true },
		{ "ffffffff82345678 b mptcp_pernet_id\t[mptcp]\n", true },
		/* What everybody sees at kptr_restrict 2, and who is not privileged: it is there. */
		{ "0000000000000000 T _text\n0000000000000000 b mptcp_pernet_id\n", true },
		{ "ffffffff81000000 T _text\nffffffff82345678 b mptcp_pernet_ids\n", false },
		{ NULL, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_file(KALLSYMS, cases[i].symbols);
		assert_int_equal(requirement_met(REQUIREMENT_MPTCP_STATE), cases[i].found);
	}
}

static void test_enabled(void **state)
{
	(void)state;
	fake_file(ENABLED, "1\n");
	assert_true(requirement_met(REQUIREMENT_MPTCP_ENABLED));
	fake_file(ENABLED, "0\n");
	assert_false(requirement_met(REQUIREMENT_MPTCP_ENABLED));
	fake_file(ENABLED, "");
	assert_false(requirement_met(REQUIREMENT_MPTCP_ENABLED));
	fake_file(ENABLED, NULL);
	assert_false(requirement_met(REQUIREMENT_MPTCP_ENABLED));
}

static void test_addresses(void **state)
{
	(void)state;
	fake_file(KPTR_RESTRICT, "0\n");
	assert_true(requirement_met(REQUIREMENT_ADDRESSES));
	fake_file(KPTR_RESTRICT, "1\n");
	assert_true(requirement_met(REQUIREMENT_ADDRESSES));
	fake_file(KPTR_RESTRICT, NULL);
	assert_true(requirement_met(REQUIREMENT_ADDRESSES));
	fake_file(KPTR_RESTRICT, "2\n");
	assert_false(requirement_met(REQUIREMENT_ADDRESSES));
}

static void test_cgroup2(void **state)
{
	(void)state;
	fake_file(MOUNTINFO, "9 8 0:26 / /cgroup rw - cgroup2 none rw\n");
	assert_true(requirement_met(REQUIREMENT_CGROUP2));
	fake_file(MOUNTINFO, "9 8 0:26 / /cgroup rw - cgroup none rw\n");
	assert_false(requirement_met(REQUIREMENT_CGROUP2));
}

static void test_io_uring(void **state)
{
	(void)state;
	assert_true(requirement_met(REQUIREMENT_IO_URING_COUNT));
	kernel_btf_forget();
	host.functions[1] = NULL;
	assert_false(requirement_met(REQUIREMENT_IO_URING_COUNT));
}

static void test_ipv6(void **state)
{
	(void)state;
	assert_true(requirement_met(REQUIREMENT_IPV6));
	assert_false(requirement_describe(REQUIREMENT_IPV6)->required);
	kernel_btf_forget();
	host.functions[2] = NULL;
	assert_false(requirement_met(REQUIREMENT_IPV6));
}

static void test_explanations(void **state)
{
	(void)state;
	fake_file(KALLSYMS, "ffffffff82345678 b mptcp_pernet_id\n");
	assert_explained(
		-ENOMEM, STATUS_FAILED,
		"cannot load the programs: Cannot allocate memory (-v prints the kernel's messages)");
	assert_explained(
		-EPERM, STATUS_NOT_PERMITTED,
		"cannot load the programs: Operation not permitted (forbidden by kernel lockdown, a");
	assert_explained(-EACCES, STATUS_NOT_PERMITTED,
			 "cannot load the programs: Permission denied (forbidden by");
	assert_explained(-ENOENT, STATUS_FAILED,
			 "cannot load the programs: No such file or directory");
	assert_explained(
		-E2BIG, STATUS_FAILED,
		"cannot load the programs: the kernel function already has 38 BPF programs, the maximum "
		"(stop a process that attached one; ");
	fake_file(KALLSYMS, "ffffffff81000000 T _text\n");
	assert_explained(-ENOENT, STATUS_UNSUPPORTED, "cannot load the programs: kernel ");
	assert_explained(-ENOENT, STATUS_UNSUPPORTED,
			 "lacks the symbol mptcp_pernet_id in /proc/kallsyms (use a kernel "
			 "built with CONFIG_KALLSYMS_ALL=y");
	assert_explained(-EPERM, STATUS_NOT_PERMITTED, "Operation not permitted");
}

#define test_of(name) cmocka_unit_test_setup_teardown(name, set_up, forget_fake_files)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of(test_descriptions), test_of(test_nothing_lacking),
		test_of(test_no_hook),	    test_of(test_no_loop),
		test_of(test_no_btf),	    test_of(test_no_mptcp),
		test_of(test_capabilities), test_of(test_user_namespace),
		test_of(test_symbol),	    test_of(test_enabled),
		test_of(test_addresses),    test_of(test_cgroup2),
		test_of(test_io_uring),	    test_of(test_ipv6),
		test_of(test_explanations),
	};

	return cmocka_run_group_tests_name("requirements", tests, NULL, NULL);
}
