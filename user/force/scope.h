/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose sockets become MPTCP: the rules of the command line. */
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
	char *unit; /* the systemd unit whose cgroup it is, or NULL */
	char *path; /* for a unit, set by scope_resolve() */
	enum force_membership membership;
	/* Set by scope_resolve(). */
	uint64_t id;		       /* 0: it does not exist yet */
	struct force_path kernel_path; /* empty: not followed if it is removed and re-created */
};

struct scope_comm {
	struct force_comm comm;
	enum force_membership membership;
};

struct scope_uid {
	uid_t uid;
	enum force_membership membership;
};

/* The union of all rules that include, minus those that exclude. All zero: empty. */
struct scope {
	bool all;
	bool transient;	 /* its cgroups are not followed */
	bool persistent; /* they must be followed, and need not exist yet, like those of units */
	struct scope_cgroup *cgroups;
	struct scope_comm *comms;
	struct scope_uid *uids;
	size_t n_cgroups, n_comms, n_uids;
};

/* The options --cgroup, --unit, --comm, --uid, --all and --exclude-*; the input is a struct scope. */
extern const struct argp scope_argp;

/* Their heading in a help. */
extern const char scope_heading[];

/* Whether any rule includes tasks. */
bool scope_includes_something(const struct scope *scope);

/* Exits with a usage error if none does. */
void scope_require(const struct scope *scope);

/* Add a rule for a cgroup, for example that of 'run'. Returns an exit status. */
enum exit_status scope_add_cgroup(struct scope *scope, const char *path,
				  enum force_membership membership);

/* Find all cgroups, and drop duplicates. Returns an exit status. */
enum exit_status scope_resolve(struct scope *scope);

/* Find the cgroups that were re-created since scope_resolve(). */
void scope_refresh(struct scope *scope);

/* Describe the scope, such as "cgroup '/sys/fs/cgroup/app', except comm 'sshd'". Free the result. */
char *scope_describe(const struct scope *scope);

void scope_free(struct scope *scope);

#endif /* SCOPE_H */
