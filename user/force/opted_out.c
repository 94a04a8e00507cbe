// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "common/log.h"
#include "common/sockopts.h"
#include "force/force.h"
#include "opted_out.h"

static const char *name_of_option(__u32 row)
{
	return row < SOCKOPT_ROWS ? sockopts[row].name : "an unknown option";
}

/* Returns how many programs the enforcer has left on TCP. */
static unsigned int list_programs(FILE *out, int map_fd, uint64_t identity)
{
	struct force_program_key key, *before = NULL;
	struct force_opted_out program;
	unsigned int count = 0;

	while (bpf_map_get_next_key(map_fd, before, &key) == 0) {
		before = &key;
		if (key.identity != identity || bpf_map_lookup_elem(map_fd, &key, &program))
			continue;
		fprintf(out, "%s'%.*s' (%s)", count ? ", " : "", FORCE_COMM_LEN, program.comm.name,
			name_of_option(program.row));
		count++;
	}
	return count;
}

void opted_out_log(int map_fd, uint64_t identity)
{
	char *list = NULL;
	size_t size;
	FILE *out = open_memstream(&list, &size);
	unsigned int count;

	if (!out)
		return;
	count = list_programs(out, map_fd, identity);
	fclose(out);
	if (count)
		log_notice("left on TCP from their first refused socket option on: %s", list);
	free(list);
}
