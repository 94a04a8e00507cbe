#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# MPTCP sockets that are older than the enforcement: the program asked for MPTCP, so that their options are the
# kernel's. Those that another enforcer has upgraded are bridged.

. "$(dirname "$0")/lib.sh"

KERNELS_OWN='ENOPROTOOPT ENOPROTOOPT ENOPROTOOPT ENOPROTOOPT'
BRIDGED='ok ok ok ok'

# old NAME CGROUP PROTOCOL: starts a program there, whose sockets have this protocol; see earlier() in options.py.
old() {
	mkfifo "$TMP/$1.lines"
	OPTIONS_PROTOCOL=$3 in_cgroup "$2" python3 "$PROJECT/tests/force/options.py" earlier \
		<"$TMP/$1.lines" >"$TMP/$1" 2>&1 &
	FORCE_PIDS+=($!)
	eval "exec {PIPE_$1}>\"$TMP/$1.lines\""
	wait_for 30 grep -q ready "$TMP/$1"
}

# answers NAME: of its sockets now: listener, both ends of a connection, accepted now; and of a new one.
answers() {
	local pipe=PIPE_$1 lines
	lines=$(wc -l <"$TMP/$1")
	echo >&"${!pipe}"
	wait_for 30 has_more "$TMP/$1" "$lines"
	tail -n 1 "$TMP/$1"
}
# shellcheck disable=SC2317 # called by wait_for
has_more() {
	[ "$(wc -l <"$1")" -gt "$2" ]
}

ip link set lo up
mkdir -p "$CGROUPS/app" "$CGROUPS/plain"
old asked app "$MPTCP"
old elsewhere plain "$MPTCP"
is "$(answers asked)" "$KERNELS_OWN ok" 'before: MPTCP refuses the option, TCP does not'
force_start first --cgroup "$CGROUPS/app"
is "$(answers asked)" "$KERNELS_OWN ok" 'sockets that asked for MPTCP before are not bridged, nor what they accept'
old upgraded app 0
is "$(answers upgraded)" "$BRIDGED ok" '... upgraded ones are'

# A later enforcer marks what no other one has upgraded.
force_start second --cgroup "$CGROUPS/app"
is "$(answers upgraded)" "$BRIDGED ok" 'a second enforcer bridges what the first has upgraded'
is "$(answers asked)" "$KERNELS_OWN ok" '... and only that'
force_start all --all
is "$(answers elsewhere)" "$KERNELS_OWN ok" '--all: sockets that asked before are not bridged'
is "$(answers upgraded)" "$BRIDGED ok" '... those that others have upgraded are'
old new plain 0
is "$(answers new)" "$BRIDGED ok" '... and those that are upgraded now'
force_stop

done_testing
