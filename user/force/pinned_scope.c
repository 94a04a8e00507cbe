// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "common/program.h"
#include "pin_store.h"
#include "pinned_scope.h"

/* No map of rules has this many: a scope with more is not ours. */
#define RULES_MAX 65536

int pinned_scope_open(const struct pinned_scope *pinned, const char *pin)
{
	char path[PIN_PATH_SIZE];
	int fd;

	pin_store_path(pinned->name, pinned->number, pin, path);
	fd = bpf_obj_get(path);
	return fd < 0 ? -errno : fd;
}

static int open_numbered(const struct pinned_scope *pinned, const char *kind, unsigned int number)
{
	char pin[32];

	snprintf(pin, sizeof(pin), "%s_%u", kind, number);
	return pinned_scope_open(pinned, pin);
}

/* A map with these sizes, or -errno. */
static int open_map(const struct pinned_scope *pinned, const char *pin, enum bpf_map_type type,
		    __u32 value_size)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info);
	int fd = pinned_scope_open(pinned, pin);

	if (fd < 0)
		return fd;
	if (!bpf_obj_get_info_by_fd(fd, &info, &size) && info.type == type &&
	    info.key_size == sizeof(__u32) && info.value_size == value_size)
		return fd;
	close(fd);
	return -EINVAL;
}

static int read_scope(struct pinned_scope *pinned)
{
	int fd = open_map(pinned, PIN_SCOPE, BPF_MAP_TYPE_ARRAY, sizeof(pinned->scope)), err;
	__u32 key = 0;

	if (fd < 0)
		return fd;
	err = bpf_map_lookup_elem(fd, &key, &pinned->scope) ? -errno : 0;
	close(fd);
	if (!err &&
	    (pinned->scope.counters > FORCE_PINNED_COUNTERS || pinned->scope.rules > RULES_MAX))
		err = -EINVAL;
	return err;
}

/* Terminates the strings, which others may have written to the map. */
static void end_texts(struct pinned_scope *pinned)
{
	__u32 i;

	pinned->scope.version[sizeof(pinned->scope.version) - 1] = '\0';
	for (i = 0; i < FORCE_PINNED_COUNTERS; i++)
		pinned->scope.names[i][FORCE_PINNED_COUNTER_NAME - 1] = '\0';
}

static int read_rules(struct pinned_scope *pinned)
{
	int fd = open_map(pinned, PIN_RULES, BPF_MAP_TYPE_ARRAY, sizeof(*pinned->rules)), err = 0;
	__u32 i;

	if (fd < 0)
		return fd;
	pinned->rules = calloc(pinned->scope.rules + 1, sizeof(*pinned->rules));
	if (!pinned->rules)
		err = -ENOMEM;
	for (i = 0; !err && i < pinned->scope.rules; i++) {
		err = bpf_map_lookup_elem(fd, &i, &pinned->rules[i]) ? -errno : 0;
		pinned->rules[i].text[sizeof(pinned->rules[i].text) - 1] = '\0';
	}
	close(fd);
	return err;
}

static void read_counters(struct pinned_scope *pinned)
{
	int fd = open_map(pinned, PIN_COUNTERS, BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(__u64)),
	    cpus = libbpf_num_possible_cpus(), cpu;
	__u64 *values = cpus > 0 ? calloc((size_t)cpus, sizeof(*values)) : NULL;
	__u32 i, key;

	for (i = 0; values && fd >= 0 && i < pinned->scope.counters; i++) {
		key = pinned->scope.place + i;
		if (bpf_map_lookup_elem(fd, &key, values))
			break;
		for (cpu = 0; cpu < cpus; cpu++)
			pinned->counters[i] += values[cpu];
		pinned->counters[i] -= pinned->scope.base[i];
	}
	free(values);
	if (fd >= 0)
		close(fd);
	fd = pinned_scope_open(pinned, PIN_LAST_UPGRADE);
	if (fd < 0)
		return;
	pinned->missed = program_misses(fd) - pinned->scope.missed;
	close(fd);
}

/* Whether a link to a cgroup is still attached: the kernel detaches it when the cgroup is removed. */
static bool is_bridge_attached(int fd)
{
	struct bpf_link_info info = { 0 };
	__u32 size = sizeof(info);

	return !bpf_obj_get_info_by_fd(fd, &info, &size) && info.cgroup.cgroup_id;
}

static void count_lost(struct pinned_scope *pinned)
{
	unsigned int i;
	int fd;

	for (i = 0; i < 64; i++) {
		if (!(pinned->scope.links >> i & 1))
			continue;
		fd = open_numbered(pinned, "link", i);
		pinned->links_lost += fd < 0;
		if (fd >= 0)
			close(fd);
	}
	for (i = 0; i < pinned->scope.bridges; i++) {
		fd = open_numbered(pinned, "cgroup", i);
		pinned->bridges_lost += fd < 0 || !is_bridge_attached(fd);
		if (fd >= 0)
			close(fd);
	}
}

void pinned_scope_read(const char *name, unsigned int number, struct pinned_scope *pinned)
{
	memset(pinned, 0, sizeof(*pinned));
	snprintf(pinned->name, sizeof(pinned->name), "%s", name);
	pinned->number = number;
	if (read_scope(pinned))
		return;
	end_texts(pinned);
	pinned->legible = read_rules(pinned) == 0;
	if (!pinned->legible)
		return;
	read_counters(pinned);
	count_lost(pinned);
}

void pinned_scope_free(struct pinned_scope *pinned)
{
	free(pinned->rules);
	pinned->rules = NULL;
}

bool pinned_scope_in_force(const struct pinned_scope *pinned)
{
	return pinned->scope.state == FORCE_PINNED_IN_FORCE;
}

int pinned_scopes_read(int store, const char *name, struct pinned_scopes *scopes)
{
	unsigned int *numbers;
	size_t count, i;
	int err = pin_store_numbers(store, name, &numbers, &count);

	memset(scopes, 0, sizeof(*scopes));
	if (!err) {
		scopes->all = calloc(count + 1, sizeof(*scopes->all));
		err = scopes->all ? 0 : -ENOMEM;
	}
	for (i = 0; !err && i < count; i++) {
		pinned_scope_read(name, numbers[i], &scopes->all[i]);
		scopes->count++;
		if (pinned_scope_in_force(&scopes->all[i]))
			scopes->in_force = &scopes->all[i];
	}
	free(numbers);
	return err;
}

void pinned_scopes_free(struct pinned_scopes *scopes)
{
	size_t i;

	for (i = 0; i < scopes->count; i++)
		pinned_scope_free(&scopes->all[i]);
	free(scopes->all);
	memset(scopes, 0, sizeof(*scopes));
}

int pinned_scope_end(const struct pinned_scope *pinned)
{
	struct force_pinned scope = pinned->scope;
	int fd = open_map(pinned, PIN_SCOPE, BPF_MAP_TYPE_ARRAY, sizeof(scope)), err;
	__u32 key = 0;

	if (fd < 0)
		return fd;
	scope.state = FORCE_PINNED_ENDED;
	err = bpf_map_update_elem(fd, &key, &scope, BPF_ANY) ? -errno : 0;
	close(fd);
	return err;
}
