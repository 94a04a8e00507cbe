/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose sockets are to become MPTCP, as the command line says it. */
#ifndef SCOPE_H
#define SCOPE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/exit_status.h"
#include "force/force.h"

struct scope_cgroup {
	char *path;
	enum force_membership membership;
	/* Known after scope_resolve(). */
	uint64_t id;
	struct force_path kernel_path; /* empty: not followed when it is removed and re-created */
};

struct scope_comm {
	struct force_comm comm;
	enum force_membership membership;
};

struct scope_uid {
	uid_t uid;
	enum force_membership membership;
};

/* A union of rules that include, less the rules that exclude. Zeroed, it is empty. */
struct scope {
	bool all;
	bool transient; /* its cgroups are not followed */
	struct scope_cgroup *cgroups;
	struct scope_comm *comms;
	struct scope_uid *uids;
	size_t n_cgroups, n_comms, n_uids;
};

/* The options --cgroup, --comm, --uid, --all and --exclude-*; the input is a struct scope. */
extern const struct argp scope_argp;

/* Whether any rule includes anything. */
bool scope_includes_something(const struct scope *scope);

/* Add a cgroup, as 'run' does with its own. Returns an exit status. */
enum exit_status scope_add_cgroup(struct scope *scope, const char *path,
				  enum force_membership membership);

/* Find all cgroups; one that was named twice is kept once. Returns an exit status. */
enum exit_status scope_resolve(struct scope *scope);

/* Find those that were re-created since then. */
void scope_refresh(struct scope *scope);

/* The scope in words, such as "cgroup '/sys/fs/cgroup/app', except comm 'sshd'"; to be freed. */
char *scope_describe(const struct scope *scope);

void scope_free(struct scope *scope);

#endif /* SCOPE_H */
