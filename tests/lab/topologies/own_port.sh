# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # read by the lab
#
# The server announces its second address with a port of its own, on which the kernel listens: it can
# be joined there even if the program has stopped listening.

ENDPOINTS=(
	"server eth2 4   2 port 5004"
	"client eth2 6 221"
)
