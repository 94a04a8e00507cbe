// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "common/log.h"
#include "rules.h"

/* How often to retry entering a rule that another enforcer is about to remove. */
#define RULE_TRIES 100

int rules_change(const struct rule_owner *owner, struct force_request *request)
{
	LIBBPF_OPTS(bpf_test_run_opts, options);
	int err;

	request->identity = owner->identity;
	options.ctx_in = request;
	options.ctx_size_in = sizeof(*request);
	err = bpf_prog_test_run_opts(owner->program, &options);
	return err ? -errno : (int)options.retval;
}

/* Enter one rule of the scope. If the table is full, first remove the rules of enforcers that have ended. */
static int add_rule(const struct rule_owner *owner, struct force_request *request)
{
	int err, tries = RULE_TRIES;
	struct force_request collect = { .operation = FORCE_COLLECT };
	bool collected = false;

	do {
		err = rules_change(owner, request);
		if (err == -E2BIG && !collected) {
			collected = true;
			rules_change(owner, &collect);
			err = -EAGAIN;
		}
	} while (err == -EAGAIN && --tries > 0);
	return err;
}

static int add_cgroup(const struct rule_owner *owner, const struct scope_cgroup *cgroup)
{
	struct force_request request = { .operation = FORCE_ADD_CGROUP,
					 .membership = cgroup->membership,
					 .cgroup = cgroup->id };

	return add_rule(owner, &request);
}

static int add_path(const struct rule_owner *owner, const struct scope_cgroup *cgroup)
{
	struct force_request request = { .operation = FORCE_ADD_PATH,
					 .membership = cgroup->membership,
					 .path = cgroup->kernel_path };

	return add_rule(owner, &request);
}

static int add_comm(const struct rule_owner *owner, const struct scope_comm *comm)
{
	struct force_request request = { .operation = FORCE_ADD_COMM,
					 .membership = comm->membership,
					 .comm = comm->comm };

	return add_rule(owner, &request);
}

static int add_uid(const struct rule_owner *owner, const struct scope_uid *uid)
{
	struct force_request request = { .operation = FORCE_ADD_UID,
					 .membership = uid->membership,
					 .uid = uid->uid };

	return add_rule(owner, &request);
}

static enum exit_status explain_rule(int err)
{
	switch (-err) {
	case 0:
		return STATUS_OK;
	case E2BIG:
		log_error("cannot store the scope: the table of rules, shared by all enforcers of "
			  "this host, is full (stop an enforcer, or name fewer cgroups)");
		return STATUS_FAILED;
	case EUSERS:
		log_error("cannot store the scope: %d enforcers already name the same cgroup, task "
			  "name or user, the maximum (stop one of them)",
			  FORCE_RULE_OWNERS);
		return STATUS_FAILED;
	default:
		log_error("cannot store the scope in the kernel: %s", strerror(-err));
		return status_of_errno(-err);
	}
}

enum exit_status rules_follow(const struct rule_owner *owner, const struct scope *scope)
{
	size_t i;
	int err = 0;

	for (i = 0; !err && i < scope->n_cgroups; i++) {
		if (scope->cgroups[i].kernel_path.path[0])
			err = add_path(owner, &scope->cgroups[i]);
	}
	return explain_rule(err);
}

enum exit_status rules_enter(const struct rule_owner *owner, const struct scope *scope)
{
	struct force_request all = { .operation = FORCE_ADD_ALL, .membership = FORCE_INCLUDED };
	size_t i;
	int err = scope->all ? add_rule(owner, &all) : 0;

	for (i = 0; !err && i < scope->n_cgroups; i++) {
		if (scope->cgroups[i].id)
			err = add_cgroup(owner, &scope->cgroups[i]);
	}
	for (i = 0; !err && i < scope->n_comms; i++)
		err = add_comm(owner, &scope->comms[i]);
	for (i = 0; !err && i < scope->n_uids; i++)
		err = add_uid(owner, &scope->uids[i]);
	return explain_rule(err);
}
