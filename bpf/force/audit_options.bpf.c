// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket options of TCP sockets that differ on MPTCP sockets. Only those of the decision table are
 * counted, only where they differ, and only if they succeed: what fails on TCP cannot get worse.
 */

#include "audit_program.bpf.h"
#include "common/sockopt_table.h"

/* Columns of the table, by row. */
#define WHEN_OF(level, name, number, class, kernel, when, ...)	       SOCKOPT_WHEN_##when,
#define VALUE_OF(level, name, number, class, kernel, when, value, ...) SOCKOPT_VALUE_##value,
#define KERNEL_OF(level, name, number, class, kernel, ...)	       SOCKOPT_KERNEL_##kernel,

static const __u8 when_of[SOCKOPT_ROWS] = { SOCKOPTS(WHEN_OF) };
static const __u8 value_of[SOCKOPT_ROWS] = { SOCKOPTS(VALUE_OF) };
static const __u8 kernel_of[SOCKOPT_ROWS] = { SOCKOPTS(KERNEL_OF) };

#define OPTION(level, number) ((__u64)(level) << 32 | (__u32)(number))
#define ROW_CASE(level, name, number, ...)                                                         \
	case OPTION(SOCKOPT_LEVEL_##level, number):                                                \
		return SOCKOPT_ROW_##name;

/*
 * The row of an option, or SOCKOPT_ROWS. Not static, because the verifier would follow its caller
 * for each row that a static function can return.
 */
__noinline __u32 row_of(__u32 level, __u32 optname)
{
	switch (OPTION(level, optname)) {
		SOCKOPTS(ROW_CASE)
	default:
		return SOCKOPT_ROWS;
	}
}

/* Linux 6.18, commit 51c5fd09e1b4 "mptcp: add TCP_MAXSEG sockopt support". */
struct mptcp_sock___maxseg {
	int maxseg;
} __attribute__((preserve_access_index));

/* Of the conditions on kernels, the only one that a call can meet and still succeed on TCP. */
static __always_inline bool works_here(__u32 row)
{
	return kernel_of[row] == SOCKOPT_KERNEL_BEFORE_MAXSEG &&
	       bpf_core_field_exists(struct mptcp_sock___maxseg, maxseg);
}

static __always_inline bool is_connected(const struct sock *sk)
{
	__u8 state = sk->__sk_common.skc_state;

	return state != TCP_CLOSE && state != TCP_LISTEN;
}

/* Whether that call would differ on an MPTCP socket in the same state. */
static __always_inline bool differs(const struct sock *sk, __u32 row, __u32 level, bool set)
{
	if (works_here(row))
		return false;
	if (set)
		return when_of[row] != SOCKOPT_WHEN_CONNECTED || is_connected(sk);
	/* MPTCP answers for these: do_sock_getsockopt(), mptcp_getsockopt_v4(), .._v6(). */
	return level != SOCKOPT_LEVEL_SOCKET && when_of[row] != SOCKOPT_WHEN_CONNECTED;
}

/* Whether a hop limit was set that the bridge refuses. optval is a sockptr_t: an address, is_kernel. */
static __always_inline bool limits_reach(__u32 row, const __u64 *optval)
{
	int hops = 0;

	if (value_of[row] != SOCKOPT_VALUE_HOPS)
		return false;
	if (optval[1] & 1)
		return bpf_probe_read_kernel(&hops, sizeof(hops), (void *)optval[0]) == 0 &&
		       SOCKOPT_LIMITS_REACH(hops);
	return bpf_probe_read_user(&hops, sizeof(hops), (void *)optval[0]) == 0 &&
	       SOCKOPT_LIMITS_REACH(hops);
}

static __always_inline void count_option(const struct socket *socket, bool compat, int level,
					 int optname, const __u64 *optval)
{
	struct audit_program *program;
	struct audit_option *option;
	__u32 row;

	if (!is_tcp_socket(socket->sk))
		return;
	row = row_of(level, optname);
	if (row >= SOCKOPT_ROWS || !differs(socket->sk, row, level, optval))
		return;
	program = current_program();
	if (!program)
		return;
	option = &program->options[row];
	__sync_fetch_and_add(optval ? &option->set : &option->read, 1);
	if (optval && limits_reach(row, optval))
		__sync_fetch_and_add(&option->limits_reach, 1);
	if (compat)
		__sync_fetch_and_add(&program->counts[AUDIT_COMPAT_CALLS], 1);
}

static __always_inline bool succeeded(void *ctx)
{
	__u64 result = 0;

	return !bpf_get_func_ret(ctx, &result) && !(int)result;
}

/* setsockopt(2), also that of 32-bit programs and of io_uring. optval fills two arguments. */
SEC("fexit/do_sock_setsockopt")
int BPF_PROG(option_set, struct socket *socket, bool compat, int level, int optname)
{
	const __u64 optval[2] = { ctx[4], ctx[5] };

	if (succeeded(ctx))
		count_option(socket, compat, level, optname, optval);
	return 0;
}

SEC("fexit/do_sock_getsockopt")
int BPF_PROG(option_read, struct socket *socket, bool compat, int level, int optname)
{
	if (succeeded(ctx))
		count_option(socket, compat, level, optname, NULL);
	return 0;
}
