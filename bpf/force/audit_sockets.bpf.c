// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the sockets of a program come from: created by it, created by io_uring, which skips the hook,
 * inherited from a process out of scope, or older than the audit. An enforcer upgrades only the first.
 */

#include "audit_program.bpf.h"
#include "landlock.bpf.h"
#include "sock_create.bpf.h"

/* A socket that the audit knows: not inherited. */
struct known_socket {
	__u32 holder; /* audit_program.serial of the program it was last counted for */
	__u32 older;  /* 1: than the audit */
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct known_socket);
} known_sockets SEC(".maps");

/* When the audit started, CLOCK_BOOTTIME in ns. Set before the programs are attached. */
__u64 started_ns;

/* The storage of a socket, created now if it has none and flags say so. */
static __always_inline struct known_socket *known_socket_of(struct sock *sk, __u64 flags)
{
	return bpf_sk_storage_get(&known_sockets, sk, NULL, flags);
}

/* As choose_protocol() does. */
static __always_inline void count_left(struct audit_program *program,
				       const struct task_struct *task)
{
	if (landlock_restricts_tcp(task))
		__sync_fetch_and_add(&program->counts[AUDIT_LEFT_LANDLOCK], 1);
	else if (has_sock_create_programs(task))
		__sync_fetch_and_add(&program->counts[AUDIT_LEFT_SOCK_CREATE], 1);
}

/* Every TCP socket is initialized here by its creator. Those of accept(2) are copies instead. */
SEC("fentry/tcp_init_sock")
int BPF_PROG(tcp_socket_created, struct sock *sk)
{
	struct audit_program *program;
	struct known_socket *known;

	if (!is_tcp_socket(sk))
		return 0;
	program = current_program();
	if (!program)
		return 0;
	__sync_fetch_and_add(&program->counts[AUDIT_TCP_SOCKETS], 1);
	count_left(program, bpf_get_current_task_btf());
	known = known_socket_of(sk, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (known)
		known->holder = program->serial;
	return 0;
}

/* Sees the answer of an enforcer, too. */
SEC("fexit/update_socket_protocol")
int BPF_PROG(mptcp_socket_created, int family, int type, int protocol, int result)
{
	if (result == IPPROTO_MPTCP)
		count(AUDIT_MPTCP_SOCKETS);
	return 0;
}

SEC("?fexit/__sys_socket_file")
int BPF_PROG(io_uring_socket_created, int family, int type, int protocol, struct file *file)
{
	if ((unsigned long)file >= (unsigned long)-MAX_ERRNO)
		return 0;
	if ((family == AF_INET || family == AF_INET6) && (type & SOCK_TYPE_MASK) == SOCK_STREAM &&
	    (protocol == 0 || protocol == IPPROTO_TCP))
		count(AUDIT_IO_URING_SOCKETS);
	return 0;
}

/*
 * A process that started during the audit accepts from a listener that no process in scope has
 * created: it was inherited, as with the socket activation of systemd.
 */
SEC("fentry/inet_csk_accept")
int BPF_PROG(accepting, struct sock *sk)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct audit_program *program;
	struct known_socket *known;

	if (!is_tcp_socket(sk) || BPF_CORE_READ(task, group_leader, start_boottime) < started_ns ||
	    known_socket_of(sk, 0))
		return 0;
	program = current_program();
	if (!program)
		return 0;
	known = known_socket_of(sk, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!known)
		return 0;
	known->holder = program->serial;
	__sync_fetch_and_add(&program->counts[AUDIT_INHERITED_LISTENERS], 1);
	return 0;
}

/* Counts a socket that a program in scope has had since before the audit, once for each program. */
static __always_inline void count_older(struct audit_program *program, struct sock *sk,
					bool listens)
{
	struct known_socket *known = known_socket_of(sk, 0);

	if (known && (!known->older || known->holder == program->serial))
		return;
	if (!known)
		known = known_socket_of(sk, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!known)
		return;
	known->older = 1;
	known->holder = program->serial;
	__sync_fetch_and_add(&program->counts[listens ? AUDIT_OLDER_LISTENERS
						      : AUDIT_OLDER_SOCKETS],
			     1);
}

/*
 * Read once, when the audit has started: notes the TCP sockets of all programs in scope, and lists
 * every listener with its holders. User space finds those that have a holder out of scope.
 */
SEC("iter/task_file")
int list_listeners(struct bpf_iter__task_file *ctx)
{
	struct audit_listener record = {};
	struct audit_program *program;
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;
	bool listens;

	if (!task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!is_tcp_socket(sk))
		return 0;
	listens = sk->__sk_common.skc_state == TCP_LISTEN;
	record.in_scope = in_scope(task);
	if (record.in_scope) {
		program = program_of(task, &record.program);
		if (program)
			count_older(program, sk, listens);
	}
	if (!listens)
		return 0;
	record.inode = file->f_inode->i_ino;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
