// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "common/log.h"
#include "counter_names.h"
#include "opted_out.h"
#include "persist.h"
#include "pin_store.h"
#include "pinned_rules.h"

/* Where to pin, and the first error, after which nothing more is pinned. */
struct pinning {
	const char *name;
	unsigned int number;
	int err;
};

static void pin(struct pinning *pinning, int fd, const char *pin)
{
	char path[PIN_PATH_SIZE];

	if (pinning->err || fd < 0)
		return;
	pin_store_path(pinning->name, pinning->number, pin, path);
	if (bpf_obj_pin(fd, path))
		pinning->err = -errno;
}

static void pin_all(struct pinning *pinning, const int *fds, size_t count, const char *kind)
{
	char name[32];
	size_t i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%s_%zu", kind, i);
		pin(pinning, fds[i], name);
	}
}

static void pin_attachment(struct pinning *pinning, const struct attachment *attachment)
{
	pin_all(pinning, attachment->links, FORCE_LINKS, "link");
	pin_all(pinning, attachment->programs, FORCE_PROGRAMS, "program");
	pin_all(pinning, attachment->cgroup_programs, FORCE_CGROUP_PROGRAMS, "cgroup_program");
	pin_all(pinning, attachment->maps, FORCE_MAPS, "map");
	/* For other versions of the tool, whose numbers may differ. */
	pin(pinning, attachment->maps[FORCE_MAP_COUNTERS], PIN_COUNTERS);
	pin(pinning, attachment->maps[FORCE_MAP_OPTED_OUT], PIN_OPTED_OUT);
	pin(pinning, attachment->programs[FORCE_PROGRAM_LAST_UPGRADE], PIN_LAST_UPGRADE);
}

static __u64 pinned_links(const struct attachment *attachment)
{
	__u64 links = 0;
	int i;

	for (i = 0; i < FORCE_LINKS; i++) {
		if (attachment->links[i] >= 0)
			links |= 1ULL << i;
	}
	return links;
}

static void describe_counters(struct force_pinned *pinned, const struct enforcer_counts *before)
{
	int i;

	_Static_assert(FORCE_COUNTERS <= FORCE_PINNED_COUNTERS, "base of struct force_pinned");
	pinned->counters = FORCE_COUNTERS;
	pinned->missed = before->missed;
	for (i = 0; i < FORCE_COUNTERS; i++) {
		pinned->base[i] = before->sockets[i];
		snprintf(pinned->names[i], sizeof(pinned->names[i]), "%s", counter_names[i]);
	}
}

static void describe(struct force_pinned *pinned, const struct enforcer *enforcer,
		     const struct policy *policy, unsigned int rules)
{
	const struct attachment *attachment = enforcer_attachment(enforcer);
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	memset(pinned, 0, sizeof(*pinned));
	pinned->state = FORCE_PINNED_PREPARED;
	pinned->abi = FORCE_ABI;
	pinned->target = policy->target;
	pinned->options = policy->options;
	pinned->rules = rules;
	pinned->links = pinned_links(attachment);
	pinned->bridges = (__u32)enforcer_cgroup_programs(enforcer)->count;
	pinned->since_ns = (__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec;
	pinned->identity = enforcer_identity(enforcer);
	pinned->place = (__u32)FORCE_COUNTER(FORCE_PLACE(pinned->identity), 0);
	pinned->io_uring_counted = attachment->links[FORCE_LINK_IO_URING] >= 0;
	snprintf(pinned->version, sizeof(pinned->version), "%s", VERSION);
	describe_counters(pinned, enforcer_counts_before(enforcer));
}

/* A map with one value, or -errno. */
static int create_scope_map(const struct force_pinned *pinned)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "scope", sizeof(__u32), sizeof(*pinned), 1,
				NULL);
	__u32 key = 0;

	if (fd < 0)
		return -errno;
	if (!bpf_map_update_elem(fd, &key, pinned, BPF_ANY))
		return fd;
	close(fd);
	return -errno;
}

/* Pins what 'status' reads first, so that it can describe the remains of an interrupted command. */
static int pin_scope(struct pinning *pinning, const struct enforcer *enforcer,
		     const struct scope *scope, const struct policy *policy)
{
	const struct cgroup_programs *bridges = enforcer_cgroup_programs(enforcer);
	struct force_pinned pinned;
	unsigned int rules;
	int rules_map = pinned_rules_create(scope, &rules), scope_map;

	if (rules_map < 0)
		return rules_map;
	describe(&pinned, enforcer, policy, rules);
	scope_map = create_scope_map(&pinned);
	if (scope_map < 0) {
		close(rules_map);
		return scope_map;
	}
	pin(pinning, rules_map, PIN_RULES);
	close(rules_map);
	pin(pinning, scope_map, PIN_SCOPE);
	pin_attachment(pinning, enforcer_attachment(enforcer));
	pin_all(pinning, bridges->links, bridges->count, "cgroup");
	return scope_map;
}

static __u32 id_of_map(int fd)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);

	return fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) ? 0 : info.id;
}

/* Whether a scope belongs to the attachment of this enforcer. */
static bool is_same_attachment(const struct pinned_scope *pinned, const struct enforcer *enforcer)
{
	char pin[32];
	int fd;
	__u32 id;

	if (!pinned->legible || pinned->scope.abi != FORCE_ABI)
		return false;
	snprintf(pin, sizeof(pin), "map_%d", FORCE_MAP_PINNED);
	fd = pinned_scope_open(pinned, pin);
	id = id_of_map(fd);
	if (fd >= 0)
		close(fd);
	return id && id == id_of_map(enforcer_attachment(enforcer)->maps[FORCE_MAP_PINNED]);
}

/* Replaces a scope of the same attachment, in one step. */
static int replace(struct enforcer *enforcer, const struct policy *policy, int scope_map,
		   const struct pinned_scope *replaced)
{
	int opted_out = enforcer_attachment(enforcer)->maps[FORCE_MAP_OPTED_OUT], err;

	opted_out_move(opted_out, replaced->scope.identity, enforcer_identity(enforcer));
	err = enforcer_persist(enforcer, policy->target, scope_map, replaced->scope.identity);
	if (!err)
		opted_out_forget(opted_out, replaced->scope.identity);
	return err;
}

static int put_into_force(struct enforcer *enforcer, const struct policy *policy, int scope_map,
			  const struct pinned_scope *replaced)
{
	int err;

	if (replaced && is_same_attachment(replaced, enforcer))
		return replace(enforcer, policy, scope_map, replaced);
	err = enforcer_persist(enforcer, policy->target, scope_map, 0);
	if (!err && replaced)
		pinned_scope_end(replaced);
	return err;
}

static enum exit_status cannot_pin(const struct pinning *pinning, int err)
{
	char path[PIN_PATH_SIZE];

	pin_store_path(pinning->name, pinning->number, "", path);
	log_error("cannot pin the scope below '%s': %s", path, strerror(-err));
	return status_of_errno(-err);
}

enum exit_status persist(int store, const char *name, struct enforcer *enforcer,
			 const struct scope *scope, const struct policy *policy,
			 const struct pinned_scope *replaced)
{
	struct pinning pinning = { .name = name, .number = replaced ? replaced->number + 1 : 1 };
	int scope_map = -1, err = pin_store_create(store, name, pinning.number);

	if (!err) {
		scope_map = pin_scope(&pinning, enforcer, scope, policy);
		err = scope_map < 0 ? scope_map : pinning.err;
	}
	if (!err)
		err = put_into_force(enforcer, policy, scope_map, replaced);
	if (scope_map >= 0)
		close(scope_map);
	if (!err)
		return STATUS_OK;
	pin_store_remove(store, name, pinning.number);
	if (!replaced)
		pin_store_remove_name(store, name);
	return cannot_pin(&pinning, err);
}
