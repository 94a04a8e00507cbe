# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # read by the lab
#
# The path over r2 is to be used only when there is no other: the subflows to the server's address
# there are backup.

ENDPOINTS=(
	"server eth2 4   2 backup"
	"client eth2 6 221"
)
