/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs of mptcp-watch: which are loaded and attached, for which events, and which were skipped. */
#ifndef PROBES_H
#define PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watch_bpf;

/* Functions without an address that are tried; more mean that something else is wrong. */
#define ABSENT_MAX 8

struct probes {
	uint32_t events;	     /* that are wanted */
	char absent[ABSENT_MAX][64]; /* functions that are in the kernel's BTF only */
	size_t n_absent;
	bool preemptible; /* the kernel: all spare programs are attached */
};

/* Before loading: choose the programs that the events need, and whose function the kernel has. Returns 0 or -errno. */
int probes_choose(const struct probes *probes, struct watch_bpf *bpf);

/*
 * After a failure: whether the kernel has no address of a function although its BTF has it, so that loading may
 * succeed without it.
 */
bool probes_note_absent(struct probes *probes, const struct watch_bpf *bpf);

/* Returns 0 or -errno. */
int probes_attach(const struct probes *probes, struct watch_bpf *bpf);

/* Calls of a kernel function that the kernel may have run no probe for. */
struct missed_calls {
	const char *function;
	uint64_t calls;	 /* at most */
	uint32_t events; /* that may be missing, bits 1 << enum watch_event */
	bool owner;	 /* owners may be missing, and what a filter by them lets through */
};

typedef void (*missed_calls_callback)(void *context, const struct missed_calls *missed);

/*
 * Call the callback for each function with such calls so far. The kernel skips a probe that is entered
 * while it runs: in an interrupt, or where a task was preempted in it.
 */
void probes_count_missed(const struct probes *probes, const struct watch_bpf *bpf,
			 missed_calls_callback callback, void *context);

#endif /* PROBES_H */
