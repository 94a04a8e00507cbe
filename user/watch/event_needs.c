// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/btf.h>

#include "btf_lookup.h"
#include "common/kernel_btf.h"
#include "event_needs.h"

/* The kernel functions that an event requires. If there are two, either of them suffices. */
static const struct {
	const char *functions[2];
} needs[WATCH_EVENTS] = {
	[WATCH_CREATED] = { { "mptcp_event" } },
	[WATCH_ESTABLISHED] = { { "mptcp_event" } },
	[WATCH_CLOSED] = { { "mptcp_destroy_common" } },
	[WATCH_ANNOUNCED] = { { "mptcp_event_addr_announced" } },
	[WATCH_REMOVED] = { { "mptcp_event_addr_removed" } },
	[WATCH_SUB_ESTABLISHED] = { { "mptcp_event" } },
	[WATCH_SUB_CLOSED] = { { "mptcp_event" } },
	[WATCH_SUB_PRIORITY] = { { "mptcp_event" } },
	[WATCH_LISTENER_CREATED] = { { "mptcp_event_pm_listener" } },
	[WATCH_LISTENER_CLOSED] = { { "mptcp_event_pm_listener" } },
	[WATCH_UPGRADED] = { { "update_socket_protocol" } },
	[WATCH_FALLBACK] = { { "__mptcp_try_fallback", "__mptcp_data_acked" } },
	[WATCH_JOIN_FAILED] = { { "tcp_v4_send_reset" } },
	[WATCH_STALE] = { { "__mptcp_retrans" } },
	[WATCH_RECOVERED] = { { "__mptcp_retrans" } },
	[WATCH_FAILOVER] = { { "mptcp_sendmsg_frag" } },
	[WATCH_RESUMED] = { { "__mptcp_data_acked" } },
	[WATCH_SOCKOPT_DENIED] = { { "mptcp_setsockopt", "mptcp_getsockopt" } },
};

static bool has_event(const struct btf *btf, uint32_t event)
{
	const char *const *functions = needs[event].functions;
	size_t i;

	if (event == WATCH_FALLBACK)
		return shows_fallback(btf);
	for (i = 0; i < 2 && functions[i]; i++) {
		if (has_function(btf, functions[i]))
			return true;
	}
	return !functions[0];
}

void event_needs_find_missing(const char *missing[WATCH_EVENTS])
{
	const struct btf *btf = kernel_btf();
	uint32_t event;

	for (event = 0; event < WATCH_EVENTS; event++)
		missing[event] = btf && has_event(btf, event) ? NULL : needs[event].functions[0];
}
