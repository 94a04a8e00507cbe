// SPDX-License-Identifier: GPL-2.0-only
/*
 * On TCP, a socket that its program bound to a device or an address sends from there only. MPTCP's
 * path manager opens subflows from every endpoint, so such a socket, for example that of a VPN, would
 * also send over other devices. These programs run for each subflow before its SYN, because
 * __mptcp_subflow_connect() calls kernel_connect(), and mptcp_connect() calls pre_connect(). They
 * deny the subflows of an upgraded socket that would leave its device or address; the kernel then
 * gives up that subflow, and no call of the program fails.
 */

#include "confined.bpf.h"

/* From include/uapi/asm-generic/socket.h. */
#define SO_BINDTOIFINDEX 62

static __always_inline bool keeps_address(const struct confinement *confinement,
					  const struct sock *ssk)
{
	const __u32 *a = IPV6_WORDS(ssk), *b = confinement->ipv6;

	if (!confinement->has_address)
		return true;
	if (ssk->__sk_common.skc_family == AF_INET)
		return ssk->__sk_common.skc_rcv_saddr == confinement->ipv4;
	return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3];
}

/*
 * The kernel gives the subflow the device of the endpoint, which may have none. Where routing is to
 * choose the address, as for one that the peer announced, it can choose one of the device.
 */
static __always_inline bool keeps_device(const struct confinement *confinement,
					 struct bpf_sock_addr *ctx, const struct sock *ssk)
{
	int device = confinement->device;

	if (!device || device_of(ssk) == confinement->device)
		return true;
	return !device_of(ssk) && has_any_address(ssk) &&
	       !bpf_setsockopt(ctx, SOCKOPT_LEVEL_SOCKET, SO_BINDTOIFINDEX, &device,
			       sizeof(device));
}

/* 1: go on, 0: EPERM. */
static __always_inline int check_connect(struct bpf_sock_addr *ctx)
{
	const struct confinement *confinement;
	struct mptcp_sock *msk;
	const struct sock *ssk;

	if (ctx->type != SOCK_STREAM || !ctx->sk)
		return 1;
	/* NULL: it is plain TCP. */
	msk = bpf_skc_to_mptcp_sock(ctx->sk);
	if (!msk)
		return 1;
	ssk = CAST(struct sock, ctx->sk);
	if ((void *)msk->first == (void *)ctx->sk) {
		note_binding(msk, ssk);
		return 1;
	}
	confinement = bpf_sk_storage_get(&confined, msk, NULL, 0);
	return !confinement ||
	       (keeps_address(confinement, ssk) && keeps_device(confinement, ctx, ssk));
}

SEC("cgroup/connect4")
int check_connect4(struct bpf_sock_addr *ctx)
{
	return check_connect(ctx);
}

SEC("cgroup/connect6")
int check_connect6(struct bpf_sock_addr *ctx)
{
	return check_connect(ctx);
}
