/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a connection, or of a socket that may become one: whose it is, and whether the
 * user wants to hear of it. Events come in softirq or from workers, where 'current' is somebody
 * else, so the owner is noted when a process connects, listens or accepts.
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
	__u32 token;			/* kept, since the kernel forgets it before the end */
	__u32 netns;
	__u64 created_ns;      /* 0: its beginning was not seen */
	__u64 first_write_seq; /* where counting began, for kernels that do not count bytes */
	__u64 first_ack_seq;
	__u64 bytes_retrans;
	__u32 subflows;
	__u32 subflows_max;
	__u16 server_port; /* host byte order; 0: of a client */
	bool server_side;
	bool filtered_out; /* by --cgroup or --comm */
	bool owned;	   /* the owner is known */
	bool reported;	   /* the user has heard of it */
	bool established;
	bool closing; /* close() was called */
	bool fell_back;
	bool data_fin; /* sent: it takes a sequence number; for kernels that do not count bytes */
	bool on_port;  /* counted as a connection of its server_port */
};

/*
 * By the address of the MPTCP socket: a socket's own storage can be had in few places, since most
 * see a subflow and only from there the connection. What is not here any more cannot be told its
 * owner.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 128 * 1024); /* user space may set another number */
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
	__u64 key = (__u64)msk;

	struct connection *connection;

	bpf_map_update_elem(&connections, &key, &unknown_connection, BPF_NOEXIST);
	connection = connection_of(msk);
	if (!connection)
		table_overflowed = true;
	return connection;
}

/* The same, made when it is not there. NULL when it is filtered out, or when there are too many. */
static __always_inline struct connection *make_connection(const struct mptcp_sock *msk)
{
	struct connection *connection = connection_of(msk);

	/* Nobody knows whose it is: then it is not that of the cgroup or the program asked for. */
	if (connection || filters_owners() || netns_filtered_out((const struct sock *)msk) ||
	    ports_filtered_out(msk))
		return connection;
	return add_connection(msk);
}

/* Linux 6.5, commit 38967f424b5b "mptcp: track some aggregate data counters". */
static __always_inline bool counts_bytes(const struct mptcp_sock *msk)
{
	return bpf_core_field_exists(msk->bytes_sent);
}

static __always_inline void forget_connection(const void *msk)
{
	__u64 key = (__u64)msk;

	bpf_map_delete_elem(&connections, &key);
}

/* From now on it is a connection: its token, netns, server_side and addresses are known. */
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
 * A thread may have a name of its own; what an operator looks for is the program. The task is one
 * that the verifier knows as such: plain loads, since this is done at each connect() and accept().
 */
static __always_inline void fill_owner(struct watch_owner *owner, const struct task_struct *task)
{
	owner->pid = task->tgid;
	owner->uid = task->cred->euid.val;
	owner->cgroup = cgroup_id_of(task);
	__builtin_memcpy(owner->comm, task->group_leader->comm, sizeof(owner->comm));
}

static __always_inline void set_owner(struct connection *connection, const struct task_struct *task)
{
	fill_owner(&connection->owner, task);
	connection->filtered_out = task_filtered_out(task, connection->owner.comm);
	connection->owned = true;
}

static __always_inline void take_owner(struct connection *connection, const struct connection *from)
{
	connection->owner = from->owner;
	connection->filtered_out = from->filtered_out;
	connection->owned = from->owned;
}

/*
 * With the owner of `initial`, all else zero: nothing of an earlier socket at this address is kept. What
 * is filtered out takes no room.
 */
static __always_inline void store_connection(struct sock *sk, const struct connection *initial)
{
	__u64 key = (__u64)sk;

	if (initial->filtered_out || netns_filtered_out(sk))
		forget_connection(sk);
	else if (bpf_map_update_elem(&connections, &key, initial, BPF_ANY))
		mark_untracked(sk);
}

/* A socket that begins, or begins to be watched, as that task's. */
static __noinline void store_owner(struct sock *sk, struct task_struct *task)
{
	struct connection initial = {};

	set_owner(&initial, task);
	store_connection(sk, &initial);
}

/* The current process owns the socket from now on. */
static __noinline void note_owner(struct sock *sk)
{
	struct connection *known = connection_of(sk);

	if (known)
		set_owner(known, bpf_get_current_task_btf());
	else
		store_owner(sk, bpf_get_current_task_btf());
}

/*
 * It began before the watching did, and was not told yet. When that is found out at its accept(), it had
 * no file by which the iterator could find it.
 */
static __always_inline bool not_reported(const struct connection *connection,
					 const struct mptcp_sock *msk)
{
	return !connection->reported && READ(struct mptcp_sock, msk, token);
}

#endif /* CONNECTION_BPF_H */
