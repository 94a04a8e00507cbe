# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # read by the lab
#
# A third router beside the two: two may die. Room for the IPv4 and the IPv6 address of each.

ROUTERS+=(r3)
LINKS+=(
	"5  server eth3   2  r3 eth1 203"
	"7  client eth3 221  r3 eth2 203"
)
ROUTES+=(
	"server 7       5 203"
	"client 5       7 203"
)
ENDPOINTS+=(
	"server eth3 5   2"
	"client eth3 7 221"
)
MPTCP_LIMITS="subflow 4 add_addr_accepted 4"
