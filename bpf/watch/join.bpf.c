// SPDX-License-Identifier: GPL-2.0-only
/* MP_JOINs that fail without a subflow that ends, ours and the peer's: see join.bpf.h. */

#include "connection.bpf.h"
#include "filter.bpf.h"
#include "join.bpf.h"
#include "record.bpf.h"
#include "tokens.bpf.h"

/*
 * Our join failed before its SYN, for example without a route: no subflow ends. The type of the
 * local address differs between kernels, but it begins with a struct mptcp_addr_info.
 */
SEC("?fexit/__mptcp_subflow_connect")
int BPF_PROG(subflow_connect, struct sock *sk, const void *local,
	     const struct mptcp_addr_info *remote)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;
	const struct mptcp_addr_info *info = local;
	struct watch_record *record;
	__u64 result = 0;

	if (bpf_get_func_ret(ctx, &result) || !(int)result)
		return 0;
	record = reserve_event(WATCH_JOIN_FAILED, msk, connection_of(msk));
	if (!record)
		return 0;
	record->subflow.family = READ(struct mptcp_addr_info, remote, family);
	record->subflow.loc_id = READ(struct mptcp_addr_info, info, id);
	record->subflow.rem_id = READ(struct mptcp_addr_info, remote, id);
	record->subflow.sport = READ(struct mptcp_addr_info, info, port);
	record->subflow.dport = READ(struct mptcp_addr_info, remote, port);
	if (!record->subflow.dport)
		record->subflow.dport = READ(struct sock, socket_with_addresses(msk),
					     __sk_common.skc_dport);
	if (READ(struct mptcp_addr_info, info, family))
		fill_address(record->subflow.saddr, info);
	fill_address(record->subflow.daddr, remote);
	record->join_failed.error = -(int)result;
	record->join_failed.reason = reason_of_error(-(int)result);
	submit_record(record);
	return 0;
}

/* The peer's join was refused here. The addresses are those of the listener and of the SYN. */
static __noinline void emit_refused_join(const struct request_sock *req,
					 const struct connection *connection, __u32 netns,
					 enum watch_join reason)
{
	const struct mptcp_subflow_request_sock *subflow = (void *)req;
	const struct inet_request_sock *inet = (void *)req;
	struct watch_record *record;

	if (filtered_out(WATCH_JOIN_FAILED, connection, netns,
			 bpf_htons(BPF_CORE_READ(req, __req_common.skc_num)),
			 BPF_CORE_READ(req, __req_common.skc_dport)))
		return;
	record = reserve_record(WATCH_JOIN_FAILED, connection, netns);
	if (!record)
		return;
	record->token = BPF_CORE_READ(subflow, token);
	record->flags = WATCH_SERVER_SIDE;
	record->join_failed.reason = reason;
	record->join_failed.theirs = 1;
	record->subflow.rem_id = BPF_CORE_READ(subflow, remote_id);
	record->subflow.backup = BPF_CORE_READ_BITFIELD_PROBED(subflow, backup);
	record->subflow.sport = bpf_htons(BPF_CORE_READ(req, __req_common.skc_num));
	record->subflow.dport = BPF_CORE_READ(req, __req_common.skc_dport);
	record->subflow.family = BPF_CORE_READ(req, __req_common.skc_family);
	if (record->subflow.family == AF_INET) {
		*(__u32 *)record->subflow.saddr = BPF_CORE_READ(req, __req_common.skc_rcv_saddr);
		*(__u32 *)record->subflow.daddr = BPF_CORE_READ(req, __req_common.skc_daddr);
	} else {
		bpf_core_read(record->subflow.saddr, sizeof(record->subflow.saddr),
			      &inet->req.__req_common.skc_v6_rcv_saddr);
		bpf_core_read(record->subflow.daddr, sizeof(record->subflow.daddr),
			      &inet->req.__req_common.skc_v6_daddr);
		unmap_addresses(&record->subflow);
	}
	submit_record(record);
}

/*
 * The result of mptcp_can_accept_new_subflow() for the third ACK that this processor handles. It is
 * called only if the HMAC is right. Reading the result clears it.
 */
enum join_admission {
	ADMISSION_NOT_ASKED,
	ADMISSION_GRANTED,
	ADMISSION_DENIED,
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} join_admissions SEC(".maps");

static __always_inline __u32 *admission_here(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&join_admissions, &key);
}

SEC("?fexit/mptcp_can_accept_new_subflow")
int BPF_PROG(join_admission, const struct mptcp_sock *msk, bool accepts)
{
	__u32 *answer = admission_here();

	if (answer)
		*answer = accepts ? ADMISSION_GRANTED : ADMISSION_DENIED;
	return 0;
}

static __always_inline enum join_admission take_admission(void)
{
	__u32 *answer = admission_here();
	enum join_admission taken = ADMISSION_NOT_ASKED;

	if (answer) {
		taken = *answer;
		*answer = ADMISSION_NOT_ASKED;
	}
	return taken;
}

static __always_inline enum watch_join reason_of_refusal(enum join_admission answer)
{
	switch (answer) {
	case ADMISSION_GRANTED:
		return WATCH_JOIN_UNKNOWN;
	case ADMISSION_DENIED:
		return WATCH_JOIN_LIMIT;
	default:
		return WATCH_JOIN_HMAC;
	}
}

/* The handshake had MP_CAPABLE so far, but the third ACK has not: the child is plain TCP. */
static __always_inline void emit_stripped_ack(const struct sock *listener, const struct sock *child)
{
	const struct connection *connection = listener_of(listener);
	__u32 netns = netns_of(listener);
	struct watch_record *record;

	if (filtered_out(WATCH_FALLBACK, connection, netns,
			 bpf_htons(READ(struct sock, child, __sk_common.skc_num)),
			 READ(struct sock, child, __sk_common.skc_dport)))
		return;
	record = reserve_record(WATCH_FALLBACK, connection, netns);
	if (!record)
		return;
	record->flags = WATCH_SERVER_SIDE;
	record->fallback = WATCH_FALLBACK_OPTIONS_STRIPPED;
	fill_addresses(&record->subflow, child);
	submit_record(record);
}

SEC("?fexit/subflow_syn_recv_sock")
int BPF_PROG(third_ack, const struct sock *listener, struct sk_buff *skb, struct request_sock *req)
{
	const struct mptcp_subflow_request_sock *subflow = (void *)req;
	const struct sock *child;
	enum join_admission answer;
	__u64 result = 0;
	__u32 token;

	/* The number of arguments before the result differs between kernels. */
	if (bpf_get_func_ret(ctx, &result) || !result)
		return 0;
	child = (const struct sock *)result;
	if (READ_BITS(struct mptcp_subflow_request_sock, subflow, mp_join)) {
		answer = take_admission();
		if (READ(struct sock, child, __sk_common.skc_state) == TCP_CLOSE) {
			token = READ(struct mptcp_subflow_request_sock, subflow, token);
			emit_refused_join(req, connection_of_token(token) ?: listener_of(listener),
					  netns_of(listener), reason_of_refusal(answer));
		}
	} else if (!context_of(child) &&
		   READ_BITS(struct mptcp_subflow_request_sock, subflow, mp_capable)) {
		emit_stripped_ack(listener, child);
	}
	return 0;
}
