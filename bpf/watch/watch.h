/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shared by bpf/watch/ and user space: the records of the ring buffer, which are also those of
 * recordings. Fields are in host byte order unless they are declared __be16 or are addresses, which
 * are in network byte order. Fields that an event does not use are zero.
 */
#ifndef WATCH_H
#define WATCH_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#include "common/lengths.h"

/*
 * Incremented whenever the layout or the meaning of a record changes; stored in the header of
 * recordings.
 */
#define WATCH_ABI 3

#define WATCH_COMM_LEN COMM_LEN
#define WATCH_PATH_LEN CGROUP_PATH_LEN

/*
 * The first ten are those of the kernel's netlink API (enum mptcp_event_type in linux/mptcp_pm.h),
 * the others are ours. docs/events.md describes them.
 */
enum watch_event {
	WATCH_CREATED = 1,
	WATCH_ESTABLISHED,
	WATCH_CLOSED,
	WATCH_ANNOUNCED,
	WATCH_REMOVED,
	WATCH_SUB_ESTABLISHED,
	WATCH_SUB_CLOSED,
	WATCH_SUB_PRIORITY,
	WATCH_LISTENER_CREATED,
	WATCH_LISTENER_CLOSED,
	WATCH_UPGRADED,
	WATCH_FALLBACK,
	WATCH_JOIN_FAILED,
	WATCH_STALE,
	WATCH_RECOVERED,
	WATCH_FAILOVER,
	WATCH_RESUMED,
	WATCH_SOCKOPT_DENIED,
	/* Created in user space from the counters of lost events. */
	WATCH_LOST,
	WATCH_EVENTS,
};

/* Bits of watch_record.flags. */
enum watch_flags {
	WATCH_INITIAL = 1 << 0,	     /* already open when mptcp-watch started */
	WATCH_SERVER_SIDE = 1 << 1,  /* msk->pm.server_side */
	WATCH_FELL_BACK = 1 << 2,    /* closed: it had fallen back to TCP */
	WATCH_PENDING = 1 << 3,	     /* closed: a failover had not resumed */
	WATCH_HAS_DURATION = 1 << 4, /* closed: its start was seen */
	WATCH_RESET_SEEN = 1 << 5,   /* sub_closed: the peer sent MP_TCPRST */
};

/* Who closed a subflow: sub_closed.closed_by. */
enum watch_closed_by {
	WATCH_BY_LOCAL,	  /* this host: path manager, close(), endpoint removed */
	WATCH_BY_PEER,	  /* it sent a FIN or a RST */
	WATCH_BY_TIMEOUT, /* the peer stopped answering */
};

/* Why a connection became plain TCP: fallback.reason. */
enum watch_fallback {
	WATCH_FALLBACK_UNKNOWN,
	WATCH_FALLBACK_NO_MP_CAPABLE, /* none in the SYN+ACK: not supported by the peer, or stripped */
	WATCH_FALLBACK_OPTIONS_STRIPPED, /* options in the handshake, none on later packets */
	WATCH_FALLBACK_CHECKSUM,	 /* RFC 8684, 3.7: a DSS checksum failed */
	WATCH_FALLBACK_NO_MAPPING,	 /* data without a valid mapping */
	WATCH_FALLBACK_BLACKHOLE,	 /* no answer to SYNs with MP_CAPABLE */
	WATCH_FALLBACK_SETUP,		 /* before the SYN: TCP-MD5, or no token available */
	WATCH_FALLBACK_REASONS,
};

/* Why an MP_JOIN failed: join_failed.reason. */
enum watch_join {
	WATCH_JOIN_UNKNOWN,
	WATCH_JOIN_TIMEOUT,	/* ours: no answer */
	WATCH_JOIN_REFUSED,	/* ours: the peer sent a RST */
	WATCH_JOIN_UNREACHABLE, /* ours: no route, or ICMP said so */
	WATCH_JOIN_NO_MP_JOIN,	/* ours: the SYN+ACK had no MP_JOIN */
	WATCH_JOIN_HMAC,	/* wrong HMAC, or none in their third ACK */
	WATCH_JOIN_TOKEN,	/* theirs: no connection has this token */
	WATCH_JOIN_LIMIT, /* not admitted: 'ip mptcp limits', or the state of the connection */
	WATCH_JOIN_NO_LISTENER, /* theirs: nothing listens on this port */
	WATCH_JOIN_PORT,	/* theirs: to a port that was not announced */
	WATCH_JOIN_REASONS,
};

/* Why data had to be reinjected on another subflow: failover.cause. */
enum watch_cause {
	WATCH_CAUSE_LOSS,    /* no acknowledgement in time */
	WATCH_CAUSE_STALE,   /* the subflow was stale (net.mptcp.stale_loss_cnt) */
	WATCH_CAUSE_CLOSED,  /* it was closed with an error */
	WATCH_CAUSE_LINK,    /* its network device is down */
	WATCH_CAUSE_REMOVED, /* it was closed by a path manager, local or remote */
	WATCH_CAUSES,
};

/* Why events were lost: lost.reason. */
enum watch_lost_reason {
	WATCH_LOST_BUFFER_FULL, /* the ring buffer was full: the reader was too slow */
	WATCH_LOST_TABLE_FULL,	/* a table of the probes was full */
	WATCH_LOST_RATE_LIMIT,	/* more such events per second than the limit */
	/* The kernel skipped the probe: counted in user space, at most that many. */
	WATCH_LOST_PROBE_SKIPPED,
	WATCH_LOST_REASONS,
};

/* A subflow, the pair of addresses of a connection, or the single address of an announcement. */
struct watch_subflow {
	__u8 saddr[16]; /* network byte order; IPv4 uses the first 4 bytes */
	__u8 daddr[16]; /* the same */
	__be16 sport;
	__be16 dport;
	__u8 family;  /* AF_INET or AF_INET6; IPv4-mapped addresses are AF_INET; 0: no address */
	__u8 loc_id;  /* id of the local address, RFC 8684 3.4.1 */
	__u8 rem_id;  /* id of the remote address */
	__u8 backup;  /* 1: the peer wants it used only if no other works */
	__u32 if_idx; /* network device that last received a packet; 0: none yet */
	__u32 reserved;
};

_Static_assert(sizeof(struct watch_subflow) == 48, "part of struct watch_record");

/* The process that created, accepted or inherited the socket. */
struct watch_owner {
	__u32 pid;		   /* thread group id; 0: unknown */
	__u32 uid;		   /* effective */
	__u64 cgroup;		   /* id of the cgroup v2, kernfs_node.id */
	char comm[WATCH_COMM_LEN]; /* any bytes; padded with zeroes */
};

_Static_assert(sizeof(struct watch_owner) == 32, "part of struct watch_record");

struct watch_closed {
	__u64 duration_ns;
	__u64 bytes_sent;     /* payload at MPTCP level, without reinjected data */
	__u64 bytes_received; /* payload at MPTCP level */
	__u64 bytes_retrans;  /* reinjected at MPTCP level */
	__u32 subflows_max;   /* highest number at the same time */
	__u32 reserved;
};

struct watch_sub_closed {
	__u32 error;	    /* errno of the subflow, or 0 */
	__u32 reset_reason; /* RFC 8684, 3.6; only with WATCH_RESET_SEEN */
	__u32 reset_flags;  /* 1: transient; only with WATCH_RESET_SEEN */
	__u32 closed_by;    /* enum watch_closed_by */
};

struct watch_join_failed {
	__u32 reason; /* enum watch_join */
	__u32 error;  /* errno of the subflow, or 0 */
	__u32 theirs; /* 1: the peer's join, refused here; 0: ours */
};

struct watch_failover {
	struct watch_subflow to;
	__u64 last_progress_ns; /* time since data was last acknowledged, or sent after idling */
	__u64 noticed_ns;	/* time since the kernel noticed */
	__u64 outstanding;	/* bytes sent and not acknowledged at MPTCP level */
	__u64 outage_ns;	/* resumed: from the last progress before to the first after */
	__u64 reinjected;	/* resumed: bytes reinjected */
	__u32 cause;		/* enum watch_cause */
	__u32 reserved;
};

struct watch_sockopt {
	__s32 level;
	__s32 optname;
	__u32 error; /* errno, positive */
	__u32 read;  /* 1: getsockopt(2); 0: setsockopt(2) */
};

struct watch_lost {
	__u64 count;  /* lost since the last such record with this event and reason */
	__u32 event;  /* enum watch_event */
	__u32 reason; /* enum watch_lost_reason */
};

struct watch_record {
	__u32 type;    /* enum watch_event */
	__u32 size;    /* of this record, in bytes */
	__u64 mono_ns; /* CLOCK_MONOTONIC */
	__u32 netns;   /* inode number of the network namespace */
	__u32 token;   /* the local token, RFC 8684 3.1; 0: none */
	struct watch_owner owner;
	__u32 flags; /* enum watch_flags */
	__u32 reserved;
	struct watch_subflow subflow; /* failover, resumed: the one that failed */
	union {
		struct watch_closed closed;
		struct watch_sub_closed sub_closed;
		struct watch_join_failed join_failed;
		struct watch_failover failover; /* and resumed */
		struct watch_sockopt sockopt;
		struct watch_lost lost;
		__u32 fallback;	   /* enum watch_fallback */
		__u32 connections; /* listener_closed: those that the peers can no longer join */
		__u64 padding[13];
	};
};

_Static_assert(sizeof(struct watch_record) == 216, "record of the ring buffer and of recordings");

#endif /* WATCH_H */
