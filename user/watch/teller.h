/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From records to lines: the same when they come from the kernel and from a recording. */
#ifndef TELLER_H
#define TELLER_H

#include <stdbool.h>
#include <stdint.h>

#include "cgroup_names.h"
#include "day.h"
#include "event_format.h"
#include "output.h"
#include "watch/watch.h"

struct teller {
	struct output *output;
	struct cgroup_names *cgroups;
	struct event_surroundings surroundings;
	uint32_t events;      /* that are told, bits 1 << enum watch_event */
	unsigned long count;  /* that are told yet */
	unsigned long wanted; /* how many are to be told; 0: all */
	struct day day;	      /* of the last line of text */
	bool json;
	bool wide; /* lines need not fit the terminal */
};

/* Returns false when no memory is left; told. */
bool teller_open(struct teller *teller, int signal_fd);

/* Format one record, unless it is not wanted. cgroup is the path of the owner's, or NULL. */
void teller_tell(struct teller *teller, const struct watch_record *record, const char *cgroup);

/* As many as wanted were told. */
bool teller_done(const struct teller *teller);

void teller_close(struct teller *teller);

#endif /* TELLER_H */
