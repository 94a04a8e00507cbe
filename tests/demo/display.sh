# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034 # colours are for those who source it
#
# How the demo prints. In a virtual machine, standard output is never the terminal itself: tests/demo/start
# sets MPTCP_DEMO_TERMINAL if a terminal shows it in the end.

coloured() {
	[ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ] &&
		{ [ -t 1 ] || [ "${MPTCP_DEMO_TERMINAL:-}" = yes ]; }
}

BOLD='' RED='' GREEN='' PLAIN=''
if coloured; then
	BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
fi

heading() { # TEXT
	printf '\n%s%s%s\n' "$BOLD" "$1" "$PLAIN"
}

die() { # STATUS TEXT
	echo "demo: $2" >&2
	exit "$1"
}
