// SPDX-License-Identifier: GPL-2.0-only
/*
 * What programs do with the data of TCP sockets, and MPTCP sockets cannot: urgent data, sends without
 * a copy, TLS in the kernel, sockmaps.
 */

#include "audit_program.bpf.h"

/* From include/linux/socket.h. */
#define MSG_OOB	     0x1
#define MSG_ZEROCOPY 0x4000000

/* MSG_ZEROCOPY has no effect without SO_ZEROCOPY (tcp_sendmsg_locked()); io_uring needs no option. */
static __always_inline bool sends_without_copy(const struct sock *sk, const struct msghdr *msg)
{
	return msg->msg_ubuf || sk->__sk_common.skc_flags & 1UL << SOCK_ZEROCOPY;
}

/* The first test is all that most calls take. */
SEC("fentry/tcp_sendmsg")
int BPF_PROG(sending, struct sock *sk, struct msghdr *msg)
{
	__u32 flags = msg->msg_flags;

	if (!(flags & (MSG_OOB | MSG_ZEROCOPY)) || !is_tcp_socket(sk))
		return 0;
	if (flags & MSG_OOB)
		count(AUDIT_OOB_SENT);
	if (flags & MSG_ZEROCOPY && sends_without_copy(sk, msg))
		count(AUDIT_ZEROCOPY);
	return 0;
}

SEC("fentry/tcp_recvmsg")
int BPF_PROG(receiving, struct sock *sk, struct msghdr *msg, size_t size, int flags)
{
	if (flags & MSG_OOB && is_tcp_socket(sk))
		count(AUDIT_OOB_RECEIVED);
	return 0;
}

/* The only other ULPs are those of the kernel itself. */
SEC("fexit/tcp_set_ulp")
int BPF_PROG(ulp_set, struct sock *sk, const char *name, int result)
{
	char tls[4] = {};

	bpf_probe_read_kernel_str(tls, sizeof(tls), name);
	if (!result && tls[0] == 't' && tls[1] == 'l' && tls[2] == 's' && is_tcp_socket(sk))
		count(AUDIT_KTLS);
	return 0;
}

/*
 * A socket may be put in a sockmap by a BPF program in an interrupt, or by another process. It is
 * counted when its own process uses or closes it.
 */
static __always_inline void count_sockmap(const struct sock *sk)
{
	if (is_tcp_socket(sk))
		count(AUDIT_SOCKMAP);
}

SEC("?fentry/tcp_bpf_sendmsg")
int BPF_PROG(sockmap_send, struct sock *sk)
{
	count_sockmap(sk);
	return 0;
}

SEC("?fentry/tcp_bpf_recvmsg")
int BPF_PROG(sockmap_receive, struct sock *sk)
{
	count_sockmap(sk);
	return 0;
}

SEC("?fentry/tcp_bpf_recvmsg_parser")
int BPF_PROG(sockmap_parse, struct sock *sk)
{
	count_sockmap(sk);
	return 0;
}

SEC("?fentry/sock_map_close")
int BPF_PROG(sockmap_close, struct sock *sk)
{
	count_sockmap(sk);
	return 0;
}
