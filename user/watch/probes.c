// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "btf_lookup.h"
#include "common/kernel_btf.h"
#include "common/log.h"
#include "common/program.h"
#include "common/rejection.h"
#include "probes.h"
#include "watch/spare.h"
#include "watch/watch.h"
#include "watch/watch.skel.h"

/* Bits of events. */
#define EVENT(name) (1U << WATCH_##name)
#define LISTENERS   (EVENT(LISTENER_CREATED) | EVENT(LISTENER_CLOSED))
/* Without lost, which is always wanted. */
#define CONNECTIONS    ((EVENT(LOST) - 1) & ~(LISTENERS | EVENT(UPGRADED) | EVENT(SOCKOPT_DENIED)))
#define OWNED	       (CONNECTIONS | LISTENERS)
#define SUBFLOWS       (EVENT(SUB_ESTABLISHED) | EVENT(SUB_CLOSED) | EVENT(SUB_PRIORITY))
#define FROM_NETLINK   (EVENT(CREATED) | EVENT(ESTABLISHED) | EVENT(JOIN_FAILED) | SUBFLOWS)
#define FAILOVERS      (EVENT(FAILOVER) | EVENT(RESUMED))
#define STALE_CHANGES  (EVENT(STALE) | EVENT(RECOVERED))
#define SEES_FAILOVERS (FAILOVERS | EVENT(CLOSED)) /* which says whether one is pending */

/* Spare programs are attached in case the kernel skips another program: see bpf/watch/spare.bpf.h. */
enum spare_use {
	NO_SPARE,
	SPARE,		   /* for a function that both interrupts and processes call */
	SPARE_IF_PREEMPTED /* only if tasks are preempted inside the kernel */
};

struct probe {
	size_t program;	  /* offset in struct watch_bpf */
	uint32_t events;  /* that need it: if none of them is wanted, it is not loaded */
	uint32_t reports; /* events that are lost when the kernel skips it */
	enum spare_use spare;
	bool notes_owner;
	uint32_t has_spares; /* 1 + enum spared_function, if it has spare programs */
};

#define PROBE(name, ...)                                                                           \
	{                                                                                          \
		.program = offsetof(struct watch_bpf, progs.name), __VA_ARGS__                     \
	}

static const struct probe table[] = {
	PROBE(connect, CONNECTIONS, .notes_owner = true, .has_spares = 1 + SPARED_CONNECT),
	PROBE(connect_second, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(connect_third, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(connect_end, CONNECTIONS),
	PROBE(listen, OWNED, .notes_owner = true),
	PROBE(accept, CONNECTIONS, .notes_owner = true, .has_spares = 1 + SPARED_ACCEPT),
	PROBE(accept_second, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(accept_third, CONNECTIONS, .notes_owner = true, .spare = SPARE_IF_PREEMPTED),
	PROBE(clone, CONNECTIONS, .notes_owner = true),
	PROBE(initial_sockets, OWNED),
	PROBE(event, CONNECTIONS, FROM_NETLINK, .has_spares = 1 + SPARED_EVENT),
	PROBE(event_second, CONNECTIONS, FROM_NETLINK, SPARE),
	PROBE(event_third, CONNECTIONS, FROM_NETLINK, SPARE_IF_PREEMPTED),
	PROBE(data_fin, EVENT(CLOSED)),
	PROBE(destroy, OWNED, EVENT(CLOSED), .has_spares = 1 + SPARED_DESTROY),
	PROBE(destroy_second, OWNED, EVENT(CLOSED), SPARE),
	PROBE(destroy_third, OWNED, EVENT(CLOSED), SPARE_IF_PREEMPTED),
	PROBE(addr_announced, EVENT(ANNOUNCED), EVENT(ANNOUNCED)),
	PROBE(addr_removed, EVENT(REMOVED), EVENT(REMOVED)),
	PROBE(listener, LISTENERS, LISTENERS, .has_spares = 1 + SPARED_LISTENER),
	PROBE(listener_second, LISTENERS, LISTENERS, SPARE_IF_PREEMPTED),
	PROBE(upgraded, EVENT(UPGRADED), EVENT(UPGRADED)),
	PROBE(setsockopt, EVENT(SOCKOPT_DENIED), EVENT(SOCKOPT_DENIED)),
	PROBE(getsockopt, EVENT(SOCKOPT_DENIED), EVENT(SOCKOPT_DENIED)),
	PROBE(getsockopt_late, EVENT(SOCKOPT_DENIED), EVENT(SOCKOPT_DENIED)),
	PROBE(try_fallback, EVENT(FALLBACK) | EVENT(CLOSED), EVENT(FALLBACK)),
	PROBE(syn_timer, EVENT(FALLBACK) | EVENT(CLOSED), EVENT(FALLBACK)),
	PROBE(subflow_connect, EVENT(JOIN_FAILED), EVENT(JOIN_FAILED)),
	PROBE(join_admission, EVENT(JOIN_FAILED)),
	PROBE(third_ack, EVENT(JOIN_FAILED) | EVENT(FALLBACK),
	      EVENT(JOIN_FAILED) | EVENT(FALLBACK)),
	PROBE(ipv4_reset_sent, EVENT(JOIN_FAILED), EVENT(JOIN_FAILED)),
	PROBE(ipv6_reset_sent, EVENT(JOIN_FAILED), EVENT(JOIN_FAILED)),
	PROBE(retrans_start, SEES_FAILOVERS, FAILOVERS),
	PROBE(retrans_end, SEES_FAILOVERS | STALE_CHANGES, STALE_CHANGES),
	PROBE(subflow_close, SEES_FAILOVERS, FAILOVERS),
	PROBE(data_sent, SEES_FAILOVERS | STALE_CHANGES, FAILOVERS),
	/* The next call finds what a skipped one missed; without a next call, the connection has not resumed. */
	PROBE(data_acked, SEES_FAILOVERS | STALE_CHANGES | EVENT(FALLBACK), EVENT(RESUMED)),
	PROBE(carrier_off, FAILOVERS),
	PROBE(carrier_on, FAILOVERS),
	PROBE(netdev_flags, FAILOVERS),
};

#define PROBES (sizeof(table) / sizeof(table[0]))

static struct bpf_program *program_of(const struct watch_bpf *bpf, const struct probe *probe)
{
	return *(struct bpf_program *const *)((const char *)bpf + probe->program);
}

/* NULL: the program is not in the table, because all events need it or because it is not a probe. */
static const struct probe *probe_of(const struct watch_bpf *bpf, const struct bpf_program *program)
{
	size_t i;

	for (i = 0; i < PROBES; i++) {
		if (program_of(bpf, &table[i]) == program)
			return &table[i];
	}
	return NULL;
}

/* FUNCTION of "fexit/FUNCTION": such a program is loaded only if the kernel has the function. */
static const char *probed_function(const struct bpf_program *program)
{
	const char *section = bpf_program__section_name(program);

	if (strncmp(section, "fentry/", 7) != 0 && strncmp(section, "fexit/", 6) != 0)
		return NULL;
	return strchr(section, '/') + 1;
}

/* Whether loading has shown that the function has no address, although the kernel's BTF has it. */
static bool has_no_address(const struct probes *probes, const char *function)
{
	size_t i;

	for (i = 0; i < probes->n_absent; i++) {
		if (strcmp(probes->absent[i], function) == 0)
			return true;
	}
	return false;
}

/*
 * Whether programs can be attached to a function whose arguments fill more than the registers: on x86 since
 * Linux 6.6 (commit 473e3150e30a "bpf, x86: allow function arguments up to 12 for TRACING"), which is also
 * the first where sockets are forced. Elsewhere it is not tried.
 */
static bool traces_many_arguments(void)
{
#ifdef __x86_64__
	return kernel_has_function("update_socket_protocol");
#else
	return false;
#endif
}

static bool is_needed(const struct probes *probes, const struct probe *probe)
{
	return probe->events & probes->events &&
	       (probe->spare != SPARE_IF_PREEMPTED || probes->preemptible);
}

int probes_choose(const struct probes *probes, struct watch_bpf *bpf)
{
	const struct btf *btf = kernel_btf();
	const struct probe *probe;
	struct bpf_program *program;
	const char *function;

	if (!btf)
		return -errno;
	bpf_object__for_each_program(program, bpf->obj)
	{
		probe = probe_of(bpf, program);
		function = probed_function(program);
		if (probe && !is_needed(probes, probe))
			bpf_program__set_autoload(program, false);
		else if (function)
			bpf_program__set_autoload(program,
						  kernel_has_function(function) &&
							  !has_no_address(probes, function));
	}
	if (!traces_many_arguments())
		bpf_program__set_autoload(bpf->progs.getsockopt_late, false);
	if (has_member(btf, "mptcp_sock", "bytes_sent"))
		bpf_program__set_autoload(bpf->progs.data_fin, false);
	bpf->rodata->kernel_reports_fallback = kernel_has_function("__mptcp_try_fallback");
	bpf->rodata->can_cast = kernel_has_function("bpf_rdonly_cast");
	return 0;
}

/* Excludes the iterator, which is attached when it is read, and programs that are run only by a test run. */
static bool is_probe(const struct bpf_program *program)
{
	return bpf_program__type(program) == BPF_PROG_TYPE_TRACING &&
	       bpf_program__expected_attach_type(program) != BPF_TRACE_ITER;
}

static bool is_attached(const struct bpf_program *program)
{
	return bpf_program__autoload(program) && is_probe(program);
}

int probes_attach(struct watch_bpf *bpf)
{
	struct bpf_object_skeleton *skeleton = bpf->skeleton;
	int i;

	for (i = 0; i < skeleton->prog_cnt; i++) {
		struct bpf_program *program = *skeleton->progs[i].prog;

		if (!is_attached(program))
			continue;
		*skeleton->progs[i].link = bpf_program__attach(program);
		if (!*skeleton->progs[i].link) {
			int err = -errno;

			log_debug("cannot attach to %s: %s", bpf_program__section_name(program),
				  strerror(-err));
			return err;
		}
	}
	return 0;
}

bool probes_note_absent(struct probes *probes, const struct watch_bpf *bpf)
{
	const struct rejection *rejection = rejection_last();
	const struct bpf_program *program;
	const char *function;

	program = bpf_object__find_program_by_name(bpf->obj, rejection->program);
	function = program && rejection->no_address ? probed_function(program) : NULL;
	if (!function || probes->n_absent == ABSENT_MAX || has_no_address(probes, function))
		return false;
	log_warning("this kernel has no symbol for %s, which the compiler inlined or "
		    "renamed: its events are not reported",
		    function);
	snprintf(probes->absent[probes->n_absent++], sizeof(probes->absent[0]), "%s", function);
	return true;
}

static uint64_t misses_of(const struct bpf_program *program)
{
	return program_misses(bpf_program__fd(program));
}

/* How often a spare program handled a call that the program was skipped for. */
static uint64_t taken_over(const struct watch_bpf *bpf, const struct probe *first)
{
	return first->has_spares ? __atomic_load_n(&bpf->bss->taken_over[first->has_spares - 1],
						   __ATOMIC_RELAXED)
				 : 0;
}

/*
 * The maximum number of calls of a function that were missed. A call is missed if all its programs were skipped:
 * no more than the first one was skipped for and no spare handled, and no more than any of them was skipped for.
 */
static uint64_t misses_of_function(const struct watch_bpf *bpf, const struct probe *first)
{
	const struct bpf_program *program = program_of(bpf, first);
	const char *function = bpf_program__section_name(program);
	uint64_t handled = taken_over(bpf, first), of_first = misses_of(program);
	uint64_t least = of_first, misses;
	size_t i;

	/* Asking the kernel costs as much as several events, and this happens every second. */
	if (!of_first || !first->has_spares)
		return of_first;
	for (i = 0; i < PROBES; i++) {
		program = program_of(bpf, &table[i]);
		if (!table[i].spare || !is_attached(program) ||
		    strcmp(bpf_program__section_name(program), function) != 0)
			continue;
		misses = misses_of(program);
		if (misses < least)
			least = misses;
	}
	misses = misses_of(program_of(bpf, first));
	return misses - handled < least ? misses - handled : least;
}

void probes_count_missed(const struct probes *probes, const struct watch_bpf *bpf,
			 missed_calls_callback callback, void *context)
{
	const struct bpf_program *program;
	struct missed_calls missed;
	size_t i;

	for (i = 0; i < PROBES; i++) {
		program = program_of(bpf, &table[i]);
		if (table[i].spare || !is_attached(program))
			continue;
		missed.function = probed_function(program);
		missed.calls = misses_of_function(bpf, &table[i]);
		missed.events = table[i].reports & probes->events;
		missed.owner = table[i].notes_owner;
		if (missed.calls && (missed.events || missed.owner))
			callback(context, &missed);
	}
}
