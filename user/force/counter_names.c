// SPDX-License-Identifier: GPL-2.0-or-later
#include "counter_names.h"

const char *const counter_names[FORCE_COUNTERS] = {
	[FORCE_UPGRADED] = "upgraded",
	[FORCE_MPTCP_DISABLED] = "left_mptcp_disabled",
	[FORCE_LEFT_EXCLUDED] = "left_excluded",
	[FORCE_IO_URING] = "bypassed_io_uring",
	[FORCE_KEPT_ON_TCP] = "kept_on_tcp",
	[FORCE_LEFT_LANDLOCK] = "left_landlock",
	[FORCE_LEFT_SOCK_CREATE] = "left_sock_create",
	[FORCE_LEFT_OPTED_OUT] = "left_opted_out",
	[FORCE_UPGRADED_32BIT] = "upgraded_32bit",
	[FORCE_CONNECTED_MPTCP] = "connections_mptcp",
	[FORCE_CONNECTED_TCP] = "connections_fell_back",
};
