/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection, or a socket that may become one: its owner, and whether the filters exclude it.
 * Events occur in softirqs or workers, where the current task is unrelated, so the owner is noted
 * when a process connects, listens or accepts: see owner.bpf.c.
 */
#ifndef CONNECTION_BPF_H
#define CONNECTION_BPF_H

#include "common/cgroup2.bpf.h"
#include "common/kernel.h"
#include "filter.bpf.h"
#include "untracked.bpf.h"
#include "watch.h"

struct connection {
	struct watch_owner owner;
	struct watch_subflow addresses; /* of its first subflow */
	__u32 token;			/* stored, because the kernel clears it before the end */
	__u32 netns;
	__u64 created_ns;      /* 0: its start was not seen */
	__u64 first_write_seq; /* at the start, for kernels that do not count bytes */
	__u64 first_ack_seq;
	__u64 bytes_retrans;
	__u32 subflows;
	__u32 subflows_max;
	__u16 server_port; /* host byte order; 0: a client */
	bool server_side;
	bool filtered_out; /* by --cgroup or --comm */
	bool owned;	   /* the owner is known */
	bool reported;	   /* its start was reported */
	bool established;
	bool closing; /* close() was called */
	bool fell_back;
	bool data_fin; /* sent; it takes a sequence number: for kernels that do not count bytes */
	bool on_port;  /* counted in ports[] */
};

/*
 * Keyed by the address of the MPTCP socket. Socket storage is accessible in few places, because
 * most programs see a subflow and reach the connection only from there. Without an entry, a
 * connection's owner is unknown.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 128 * 1024); /* user space can change it */
	__type(key, __u64);
	__type(value, struct connection);
} connections SEC(".maps");

static const struct connection unknown_connection;

static __always_inline struct connection *connection_of(const void *msk)
{
	__u64 key = (__u64)msk;

	return bpf_map_lookup_elem(&connections, &key);
}

static __noinline struct connection *add_connection(const void *msk)
{
	struct connection *connection;
	__u64 key = (__u64)msk;

	bpf_map_update_elem(&connections, &key, &unknown_connection, BPF_NOEXIST);
	connection = connection_of(msk);
	if (!connection)
		table_overflowed = true;
	return connection;
}

/* Looks up the connection, or adds it. NULL if it is filtered out or the table is full. */
static __always_inline struct connection *make_connection(const struct mptcp_sock *msk)
{
	struct connection *connection = connection_of(msk);

	/* Its owner is unknown, so it does not belong to the requested cgroup or program. */
	if (connection || filters_owners() || netns_filtered_out((const struct sock *)msk) ||
	    ports_filtered_out(msk))
		return connection;
	return add_connection(msk);
}

/* Since Linux 6.5 (commit 38967f424b5b "mptcp: track some aggregate data counters"). */
static __always_inline bool counts_bytes(const struct mptcp_sock *msk)
{
	return bpf_core_field_exists(msk->bytes_sent);
}

static __always_inline void forget_connection(const void *msk)
{
	__u64 key = (__u64)msk;

	bpf_map_delete_elem(&connections, &key);
}

/* The socket is a connection now: its token, netns, server_side and addresses are known. */
static __always_inline void begin_connection(struct connection *connection, __u16 port)
{
	connection->subflows = 1;
	connection->subflows_max = 1;
	connection->reported = true;
	connection->established = false;
	connection->closing = false;
	connection->server_port = connection->server_side ? port : 0;
}

/*
 * A thread may have a name of its own, but operators look for the program. The verifier knows the
 * type of the task, so these are plain loads: they run at each connect() and accept().
 */
static __always_inline void fill_owner(struct watch_owner *owner, const struct task_struct *task)
{
	/* Linux 6.1 has no such cast, and needs none. */
	const struct task_struct *plain = can_cast ? UNTRUSTED(struct task_struct, task) : task;

	owner->pid = plain->tgid;
	owner->uid = plain->cred->euid.val;
	owner->cgroup = cgroup_id_of(plain);
	__builtin_memcpy(owner->comm, plain->group_leader->comm, sizeof(owner->comm));
}

static __always_inline void set_owner(struct connection *connection, const struct task_struct *task)
{
	fill_owner(&connection->owner, task);
	connection->filtered_out = task_filtered_out(task, connection->owner.comm);
	connection->owned = true;
}

static __always_inline void copy_owner(struct connection *connection, const struct connection *from)
{
	connection->owner = from->owner;
	connection->filtered_out = from->filtered_out;
	connection->owned = from->owned;
}

/*
 * Stores the owner of `initial`, with all else zero: nothing of an earlier socket at this address
 * is kept. Sockets that are filtered out take no space.
 */
static __always_inline void store_connection(struct sock *sk, const struct connection *initial)
{
	__u64 key = (__u64)sk;

	if (initial->filtered_out || netns_filtered_out(sk))
		forget_connection(sk);
	else if (bpf_map_update_elem(&connections, &key, initial, BPF_ANY))
		mark_untracked(sk);
}

/* Stores a new socket, or one that was already open, as that task's. */
static __noinline void store_owner(struct sock *sk, struct task_struct *task)
{
	struct connection initial = {};

	set_owner(&initial, task);
	store_connection(sk, &initial);
}

/* The current process is the owner from now on. */
static __noinline void note_owner(struct sock *sk)
{
	struct connection *known = connection_of(sk);

	if (known)
		set_owner(known, bpf_get_current_task_btf());
	else
		store_owner(sk, bpf_get_current_task_btf());
}

/*
 * A connection that was already open when mptcp-watch started, and is not reported yet. The
 * iterator misses one that had no file until its accept().
 */
static __always_inline bool not_reported(const struct connection *connection,
					 const struct mptcp_sock *msk)
{
	return !connection->reported && READ(struct mptcp_sock, msk, token);
}

#endif /* CONNECTION_BPF_H */
