# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # read by the lab
#
# A third router beside the two: two may die.

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
