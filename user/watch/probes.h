/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs of mptcp-watch: which events need them, which are loaded and attached, which were skipped. */
#ifndef PROBES_H
#define PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watch_bpf;

/* Maximum number of functions without an address: if there are more, something else is wrong. */
#define ABSENT_MAX 8

struct probes {
	uint32_t events;	     /* that are wanted */
	char absent[ABSENT_MAX][64]; /* functions in the kernel's BTF that have no address */
	size_t n_absent;
	bool preemptible; /* the kernel is: attach all spare programs */
};

/* Before loading: choose the programs that the events need and whose function exists. Returns 0 or -errno. */
int probes_choose(const struct probes *probes, struct watch_bpf *bpf);

/*
 * After loading failed: whether the reason was a function without an address, so that loading may succeed without
 * the programs that probe it.
 */
bool probes_note_absent(struct probes *probes, const struct watch_bpf *bpf);

/* Returns 0 or -errno. */
int probes_attach(struct watch_bpf *bpf);

/* Calls of a kernel function for which the kernel may have run no probe. */
struct missed_calls {
	const char *function;
	uint64_t calls;	 /* at most */
	uint32_t events; /* that may be missing, bits 1 << enum watch_event */
	bool owner;	 /* owners may be missing, and with a filter by owner also their events */
};

typedef void (*missed_calls_callback)(void *context, const struct missed_calls *missed);

/*
 * Call the callback for each function that had such calls so far. The kernel skips a probe that is already
 * running on that processor: when an interrupt hits it, or after a task was preempted in it.
 */
void probes_count_missed(const struct probes *probes, const struct watch_bpf *bpf,
			 missed_calls_callback callback, void *context);

#endif /* PROBES_H */
