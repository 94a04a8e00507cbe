// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cap-ng.h>

#include "cgroup.h"
#include "descriptors.h"
#include "kernel_btf.h"
#include "landlock.h"
#include "requirements.h"
#include "log.h"
#include "rejection.h"

#define BTF_PATH     "/sys/kernel/btf/vmlinux"
#define ENABLED_PATH "/proc/sys/net/mptcp/enabled"

/* BPF_MAX_TRAMP_LINKS of linux/bpf.h: the limit for all processes together. */
#define PROGRAMS_ON_FUNCTION 38

static const struct requirement requirements[REQUIREMENTS] = {
	[REQUIREMENT_BTF] = {
		.name = "btf",
		.title = "the kernel's type information (" BTF_PATH ")",
		.remedy = "use a kernel built with CONFIG_DEBUG_INFO_BTF=y, and mount /sys",
		.required = true,
		.if_missing = STATUS_UNSUPPORTED,
	},
	[REQUIREMENT_HOOK] = {
		.name = "update_socket_protocol",
		.title = "the hook update_socket_protocol",
		.remedy = "install Linux 6.6 or later; on Debian 12, linux-image-amd64 from "
"bookworm-backports",
		.required = true,
		.if_missing = STATUS_UNSUPPORTED,
	},
	[REQUIREMENT_LOOP] = {
		.name = "bpf_loop",
		.title = "the BPF helper bpf_loop()",
		.remedy = "install Linux 5.17 or later",
		.required = true,
		.if_missing = STATUS_UNSUPPORTED,
	},
	[REQUIREMENT_MPTCP] = {
		.name = "mptcp",
		.title = "Multipath TCP (" ENABLED_PATH ")",
		.remedy = "use a kernel built with CONFIG_MPTCP=y, and mount /proc",
		.required = true,
		.if_missing = STATUS_UNSUPPORTED,
	},
	[REQUIREMENT_PERMISSION] = {
		.name = "permission",
		.title = "the capabilities CAP_BPF, CAP_PERFMON and CAP_SYSLOG",
		.remedy = "run it as root, for example with sudo",
		.required = true,
		.if_missing = STATUS_NOT_PERMITTED,
	},
	[REQUIREMENT_MPTCP_STATE] = {
		.name = "mptcp_pernet_id",
		.title = "the symbol mptcp_pernet_id in /proc/kallsyms",
		.remedy = "use a kernel built with CONFIG_KALLSYMS_ALL=y, which exports where "
"MPTCP is disabled",
		.required = true,
		.if_missing = STATUS_UNSUPPORTED,
	},
	[REQUIREMENT_ADDRESSES] = {
		.name = "kptr_restrict",
		.title = "readable addresses of kernel symbols (kernel.kptr_restrict below "
"2)",
		.remedy = "sysctl -w kernel.kptr_restrict=1",
		.required = true,
		.if_missing = STATUS_UNSUPPORTED,
	},
	[REQUIREMENT_CGROUP2] = {
		.name = "cgroup2",
		.title = "cgroup v2",
		.remedy = "--cgroup and run need it; mount -t cgroup2 none /sys/fs/cgroup",
	},
	[REQUIREMENT_MPTCP_ENABLED] = {
		.name = "mptcp_enabled",
		.title = "MPTCP enabled in this network namespace",
		.remedy = "sockets created here stay TCP; sysctl -w net.mptcp.enabled=1",
	},
	[REQUIREMENT_IPV6] = {
		.name = "mptcp_ipv6",
		.title = "MPTCP for IPv6",
		.remedy = "IPv6 sockets stay TCP; use a kernel built with CONFIG_MPTCP_IPV6=y",
	},
	[REQUIREMENT_IO_URING_COUNT] = {
		.name = "io_uring_count",
		.title = "a count of the sockets that io_uring creates (__sys_socket_file)",
		.remedy = "the summary shows 'unknown' for them",
	},
	[REQUIREMENT_LANDLOCK] = {
		.name = "landlock",
		.title = "a way to recognize tasks whose TCP ports Landlock restricts",
		.remedy = "mptcp-force refuses to start, because their sockets would evade the "
			  "restrictions; --landlock-unknown=allow accepts that",
	},
	[REQUIREMENT_OPTION_BRIDGE] = {
		.name = "option_bridge",
		.title = "CAP_NET_ADMIN, to bridge socket options",
		.remedy = "socket options that MPTCP refuses fail in forced programs",
	},
};

/* Root in a user namespace has all capabilities, but BPF requires those of the initial one. */
static const struct requirement permission_of_host = {
	.name = "permission",
	.title = "the capabilities CAP_BPF, CAP_PERFMON and CAP_SYSLOG of the host",
	.remedy = "run it as root of the host, not in a user namespace",
	.required = true,
	.if_missing = STATUS_NOT_PERMITTED,
};

/* The inode of the initial user namespace (PROC_USER_INIT_INO in linux/proc_ns.h). */
#define INITIAL_USER_NAMESPACE 0xeffffffdU

static bool in_user_namespace(void)
{
	struct stat namespace;

	return !stat("/proc/self/ns/user", &namespace) &&
	       namespace.st_ino != INITIAL_USER_NAMESPACE;
}

const struct requirement *requirement_describe(enum requirement_id id)
{
	return id == REQUIREMENT_PERMISSION && in_user_namespace() ? &permission_of_host
								   : &requirements[id];
}

/* Ignores the address, which may be hidden: see REQUIREMENT_PERMISSION and REQUIREMENT_ADDRESSES. */
static bool has_symbol(const char *wanted)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512], name[256];
	bool found = false;

	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		found = sscanf(line, "%*s %*s %255s", name) == 1 && strcmp(name, wanted) == 0;
	}
	fclose(file);
	return found;
}

/* A one-digit number from a file below /proc/sys; 0 if it cannot be read. */
static int read_setting(const char *path)
{
	FILE *file = fopen(path, "re");
	int digit;

	if (!file)
		return 0;
	digit = fgetc(file);
	fclose(file);
	return digit > '0' && digit <= '9' ? digit - '0' : 0;
}

static bool mptcp_is_enabled(void)
{
	return read_setting(ENABLED_PATH) == 1;
}

/* At 2, all addresses read as 0, which libbpf would take for the real ones. */
static bool addresses_shown(void)
{
	return read_setting("/proc/sys/kernel/kptr_restrict") < 2;
}

/* CAP_SYS_ADMIN includes CAP_BPF and CAP_PERFMON, which were split from it. */
static bool is_permitted(void)
{
	bool admin = capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);
	bool bpf = capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF);
	bool perfmon = capng_have_capability(CAPNG_EFFECTIVE, CAP_PERFMON);

	return (admin || (bpf && perfmon)) && capng_have_capability(CAPNG_EFFECTIVE, CAP_SYSLOG) &&
	       !in_user_namespace();
}

static bool may_attach_to_cgroups(void)
{
	return capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN) ||
	       capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN);
}

bool requirement_met(enum requirement_id id)
{
	struct cgroup_mount mount;

	switch (id) {
	case REQUIREMENT_BTF:
		return access(BTF_PATH, R_OK) == 0;
	case REQUIREMENT_HOOK:
		return kernel_has_function("update_socket_protocol");
	case REQUIREMENT_LOOP:
		return kernel_has_function("bpf_loop");
	case REQUIREMENT_MPTCP:
		return access(ENABLED_PATH, F_OK) == 0;
	case REQUIREMENT_PERMISSION:
		return is_permitted();
	case REQUIREMENT_MPTCP_STATE:
		return has_symbol("mptcp_pernet_id");
	case REQUIREMENT_ADDRESSES:
		return addresses_shown();
	case REQUIREMENT_CGROUP2:
		return cgroup_find_mount(&mount) == 0;
	case REQUIREMENT_MPTCP_ENABLED:
		return mptcp_is_enabled();
	case REQUIREMENT_IPV6:
		return kernel_has_function("mptcpv6_handle_mapped");
	case REQUIREMENT_IO_URING_COUNT:
		return kernel_has_function("__sys_socket_file");
	case REQUIREMENT_LANDLOCK:
		return !landlock_restricts_tcp() || has_symbol("landlock_blob_sizes");
	case REQUIREMENT_OPTION_BRIDGE:
		return may_attach_to_cgroups();
	case REQUIREMENTS:
		break;
	}
	return false;
}

static enum exit_status log_missing(const char *action, enum requirement_id id)
{
	const struct requirement *requirement = requirement_describe(id);
	struct utsname kernel;

	uname(&kernel);
	if (requirement->if_missing == STATUS_NOT_PERMITTED)
		log_error("cannot %s: not permitted without %s (%s)", action, requirement->title,
			  requirement->remedy);
	else
		log_error("cannot %s: kernel %s lacks %s (%s)", action, kernel.release,
			  requirement->title, requirement->remedy);
	return requirement->if_missing;
}

enum exit_status requirements_check(const char *action, const enum requirement_id *required,
				    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!requirement_met(required[i]))
			return log_missing(action, required[i]);
	}
	return STATUS_OK;
}

/* A program was rejected: by the verifier itself, or because of a policy that the verifier applies. */
static enum exit_status explain_rejection(const char *action, const struct rejection *rejection,
					  int err)
{
	if (rejection->helper[0]) {
		log_error("cannot %s: %s (kernel lockdown does not let BPF programs call %s; "
			  "boot without lockdown=confidentiality)",
			  action, strerror(-err), rejection->helper);
		return STATUS_NOT_PERMITTED;
	}
	log_error("cannot %s: the kernel's verifier rejected program '%s': %s "
		  "(please report this with the output of -v)",
		  action, rejection->program, strerror(-err));
	return STATUS_FAILED;
}

/* The kernel's internal errno for an unsupported operation (linux/errno.h). */
#define ENOTSUPP 524

enum exit_status requirements_explain(const char *action, int err)
{
	const struct rejection *rejection = rejection_last();

	/* Not checked before: reading all symbols takes longer than everything else together. */
	if (err == -ENOENT && !requirement_met(REQUIREMENT_MPTCP_STATE))
		return log_missing(action, REQUIREMENT_MPTCP_STATE);
	if (err == -EMFILE || err == -ENFILE) {
		descriptors_explain(action, err);
		return STATUS_FAILED;
	}
	if (rejection->by_verifier)
		return explain_rejection(action, rejection, err);
	if (err == -ENOTSUPP) {
		log_error("cannot %s: this kernel does not support attaching BPF programs to its "
			  "functions (on arm64, install Linux 6.4 or later)",
			  action);
		return STATUS_UNSUPPORTED;
	}
	if (err == -E2BIG) {
		log_error("cannot %s: the kernel function already has %d BPF programs, the "
			  "maximum (stop a process that attached one; 'bpftool link' lists "
			  "them)",
			  action, PROGRAMS_ON_FUNCTION);
		return STATUS_FAILED;
	}
	if (err == -EPERM || err == -EACCES) {
		log_error("cannot %s: %s (forbidden by kernel lockdown, a security module or "
			  "a container; -v prints the kernel's messages)",
			  action, strerror(-err));
		return STATUS_NOT_PERMITTED;
	}
	log_error("cannot %s: %s (-v prints the kernel's messages)", action, strerror(-err));
	return STATUS_FAILED;
}
