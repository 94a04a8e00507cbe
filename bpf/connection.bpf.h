/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known of a connection, or of a socket that may become one: whose it is, and whether the
 * user wants to hear of it. Events come in softirq or from workers, where 'current' is somebody
 * else, so the owner is noted when a process connects, listens or accepts.
 */
#ifndef CONNECTION_BPF_H
#define CONNECTION_BPF_H

#include "watch.h"

/* A failover, from the first suspicion to the first new acknowledgement. See failover.bpf.h. */
struct failover {
	__u32 state;	/* enum failover_state */
	__u32 cause;	/* enum watch_cause */
	__u64 from_ssk; /* addresses of sockets, for comparing only */
	__u64 to_ssk;
	__u64 progress_ns; /* when data was last acknowledged, or first sent after idling */
	__u64 noticed_ns;
	__u64 snd_una; /* both when it was noticed */
	__u64 snd_nxt;
	__u64 outstanding;
	__u64 reinjected;
	struct watch_subflow from;
	struct watch_subflow to;
};

/*
 * What a subflow had unacknowledged when its data was sent again elsewhere: TCP keeps trying, but
 * no data of the connection waits for it any more. More subflows at a time are not remembered.
 */
#define LEFTOVERS_MAX 4

struct leftover {
	__u64 ssk;	/* address of the socket, for comparing only; 0: free */
	__u64 data_seq; /* up to here the connection's data was sent, and has to be acknowledged */
	__u32 write_seq;
	__u32 reserved;
};

/* Stale subflows of a connection that are told; more at a time are not. */
#define STALE_MAX 4

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
	__u16 server_port; /* host byte order; counted in server_ports; 0: not counted */
	bool server_side;
	bool unwanted; /* by --cgroup or --comm */
	bool owned;    /* the owner is known */
	bool reported; /* the user has heard of it */
	bool fell_back;
	bool data_fin; /* sent: it takes a sequence number; for kernels that do not count bytes */
	__u32 telling; /* enum mptcp_event_type of the kernel's event that is being told */
	__u32 n_stale;
	__u64 stale[STALE_MAX]; /* addresses of sockets, for comparing only; 0: free */
	struct leftover leftovers[LEFTOVERS_MAX];
	__u32 next_leftover;
	__u64 acked_ns; /* when data was acknowledged last; noted in trouble only */
	struct failover failover;
};

/*
 * By the address of the MPTCP socket: a socket's own storage can be had in few places, since most
 * see a subflow and only from there the connection. What is not here any more cannot be told its
 * owner.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 128 * 1024);
	__type(key, __u64);
	__type(value, struct connection);
} connections SEC(".maps");

static const struct connection unknown_connection;

/* What the user wants, set before load. */
const volatile __u32 wanted_events;	  /* bits 1 << enum watch_event */
const volatile __u32 wanted_netns;	  /* inode number; 0: any */
const volatile __u16 wanted_port;	  /* host byte order, local or remote; 0: any */
const volatile __u64 wanted_cgroup;	  /* id; that one and those below; 0: any */
const volatile __u32 wanted_cgroup_level; /* how deep it is: 0 is the root */
const volatile bool wanted_comm_set;
const volatile char wanted_comm[WATCH_COMM_LEN];

static __always_inline bool event_wanted(enum watch_event event)
{
	return wanted_events & 1U << event;
}

static __always_inline __u32 netns_of(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

static __always_inline struct connection *connection_of(const void *msk)
{
	__u64 key = (__u64)msk;

	return bpf_map_lookup_elem(&connections, &key);
}

/* The same, made when it is not there; NULL when there are too many. */
static __noinline struct connection *make_connection(const void *msk)
{
	struct connection *connection = connection_of(msk);
	__u64 key = (__u64)msk;

	if (connection)
		return connection;
	bpf_map_update_elem(&connections, &key, &unknown_connection, BPF_NOEXIST);
	return connection_of(msk);
}

static __always_inline void forget_connection(const void *msk)
{
	__u64 key = (__u64)msk;

	bpf_map_delete_elem(&connections, &key);
}

static __always_inline bool comm_matches(const char *comm)
{
	int i;

	for (i = 0; i < WATCH_COMM_LEN; i++)
		if (comm[i] != wanted_comm[i])
			return false;
	return true;
}

static __always_inline bool below_wanted_cgroup(const struct task_struct *task)
{
	const struct cgroup *cgroup = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	const struct cgroup *ancestor = NULL;

	if (BPF_CORE_READ(cgroup, level) < (int)wanted_cgroup_level)
		return false;
	bpf_core_read(&ancestor, sizeof(ancestor), &cgroup->ancestors[wanted_cgroup_level]);
	return BPF_CORE_READ(ancestor, kn, id) == wanted_cgroup;
}

/*
 * A thread may have a name of its own; what an operator looks for is the program. The task is one
 * that the verifier knows as such: plain loads, since this is done at each connect() and accept().
 */
static __always_inline void fill_owner(struct watch_owner *owner, const struct task_struct *task)
{
	owner->pid = task->tgid;
	owner->uid = task->cred->euid.val;
	owner->cgroup = task->cgroups->dfl_cgrp->kn->id;
	__builtin_memcpy(owner->comm, task->group_leader->comm, sizeof(owner->comm));
}

static __always_inline bool task_unwanted(const struct task_struct *task, const char *comm)
{
	return (wanted_cgroup && !below_wanted_cgroup(task)) ||
	       (wanted_comm_set && !comm_matches(comm));
}

static __always_inline void set_owner(struct connection *connection, const struct task_struct *task)
{
	fill_owner(&connection->owner, task);
	connection->unwanted = task_unwanted(task, connection->owner.comm);
	connection->owned = true;
}

/* The current process owns the socket from now on. */
static __noinline void note_owner(const void *msk)
{
	struct connection *connection = make_connection(msk);

	if (connection)
		set_owner(connection, bpf_get_current_task_btf());
}

/* What is accepted is its listener's until a process accepts it. */
static __always_inline void inherit_owner(const void *msk, const void *listener)
{
	const struct connection *from = connection_of(listener);
	struct connection *to;

	if (!from)
		return;
	to = make_connection(msk);
	if (!to)
		return;
	to->owner = from->owner;
	to->unwanted = from->unwanted;
	to->owned = from->owned;
}

#endif /* CONNECTION_BPF_H */
