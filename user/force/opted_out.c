// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "common/log.h"
#include "common/sockopts.h"
#include "force/force.h"
#include "opted_out.h"

const char *opted_out_option(const struct force_opted_out *program)
{
	return program->row < SOCKOPT_ROWS ? sockopts[program->row].name : "an unknown option";
}

/* The keys of all programs that an enforcer has left on TCP. Free them. */
static struct force_program_key *list_keys(int map_fd, uint64_t identity, size_t *count)
{
	struct force_program_key *keys = NULL, *longer, key, *before = NULL;

	*count = 0;
	while (bpf_map_get_next_key(map_fd, before, &key) == 0) {
		before = &key;
		if (key.identity != identity)
			continue;
		longer = reallocarray(keys, *count + 1, sizeof(*longer));
		if (!longer)
			break;
		keys = longer;
		keys[(*count)++] = key;
	}
	return keys;
}

void opted_out_visit(int map_fd, uint64_t identity,
		     void (*visit)(const struct force_opted_out *program, void *context),
		     void *context)
{
	struct force_opted_out program;
	size_t count, i;
	struct force_program_key *keys = list_keys(map_fd, identity, &count);

	for (i = 0; i < count; i++) {
		if (!bpf_map_lookup_elem(map_fd, &keys[i], &program))
			visit(&program, context);
	}
	free(keys);
}

void opted_out_move(int map_fd, uint64_t from, uint64_t to)
{
	struct force_opted_out program;
	size_t count, i;
	struct force_program_key *keys = list_keys(map_fd, from, &count);

	for (i = 0; i < count; i++) {
		if (bpf_map_lookup_elem(map_fd, &keys[i], &program))
			continue;
		keys[i].identity = to;
		bpf_map_update_elem(map_fd, &keys[i], &program, BPF_NOEXIST);
	}
	free(keys);
}

void opted_out_forget(int map_fd, uint64_t identity)
{
	size_t count, i;
	struct force_program_key *keys = list_keys(map_fd, identity, &count);

	for (i = 0; i < count; i++)
		bpf_map_delete_elem(map_fd, &keys[i]);
	free(keys);
}

struct program_list {
	FILE *out;
	unsigned int count;
};

static void list_program(const struct force_opted_out *program, void *context)
{
	struct program_list *list = context;

	fprintf(list->out, "%s'%.*s' (%s)", list->count++ ? ", " : "", FORCE_COMM_LEN,
		program->comm.name, opted_out_option(program));
}

void opted_out_log(int map_fd, uint64_t identity)
{
	char *list = NULL;
	size_t size;
	struct program_list programs = { .out = open_memstream(&list, &size) };

	if (!programs.out)
		return;
	opted_out_visit(map_fd, identity, list_program, &programs);
	fclose(programs.out);
	if (programs.count)
		log_notice("left on TCP after a refused socket option: %s", list);
	free(list);
}
