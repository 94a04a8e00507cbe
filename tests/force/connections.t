#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The summary counts how many connections of upgraded sockets speak MPTCP, and how many fell back to TCP.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/app" "$CGROUPS/other"
hold_attachment
HOLDER=$FORCE_PID

# connect CLIENT SERVER COUNT [mptcp]: that many connections between these cgroups; both ask for what is given.
connect() {
	local port=$TMP/port$RANDOM i
	in_cgroup "$2" /usr/bin/python3 "$PROJECT/tests/tools/connect_once.py" listen "$3" "${@:4}" >"$port" &
	local server=$!
	wait_for 60 grep -q . "$port"
	for ((i = 0; i < $3; i++)); do
		in_cgroup "$1" /usr/bin/python3 "$PROJECT/tests/tools/connect_once.py" connect "$(cat "$port")" "${@:4}"
	done
	wait "$server"
}

# counts NAME: connections over MPTCP, and those that fell back.
counts() {
	sed -n 's/.*connections over MPTCP: \([^,]*\), fell back to TCP: \([^,]*\),.*/\1 \2/p' "$TMP/$1.err"
}

force_start both --cgroup "$CGROUPS/app"
connect app app 3
force_stop
is "$(counts both)" '6 0' 'three connections in scope: each end speaks MPTCP'

force_start client --cgroup "$CGROUPS/app"
connect app other 2
force_stop
is "$(counts client)" '0 2' 'clients in scope of a server that is not: they fell back'

force_start server --cgroup "$CGROUPS/app"
connect other app 2
force_stop
is "$(counts server)" '0 2' 'a server in scope of clients that are not: what it accepted fell back'

force_start outside --cgroup "$CGROUPS/app"
connect other other 1
connect other other 1 mptcp
force_stop
is "$(counts outside)" '0 0' 'connections out of scope are not counted, over TCP or MPTCP'

force_start asked --cgroup "$CGROUPS/app"
connect app app 1 mptcp
connect app app 1
force_stop
is "$(counts asked)" '2 0' 'nor those of sockets that asked for MPTCP themselves'

force_start name --comm python3
connect app other 1
force_stop
is "$(counts name)" '2 0' 'a scope by name: the sockets of these tasks are counted, in both cgroups'

force_start outer --cgroup "$CGROUPS/app"
OUTER=$FORCE_PID
force_start inner --cgroup "$CGROUPS/app"
connect app app 1
force_stop
force_stop "$OUTER"
is "$(counts inner),$(counts outer)" '2 0,0 0' 'of two enforcers, the one that decides counts'

force_start tcp --to tcp --cgroup "$CGROUPS/app"
connect app app 1 mptcp
force_stop
is "$(counts tcp)" '' 'with --to tcp, there is nothing to count'

force_stop "$HOLDER"
rmdir "$CGROUPS/app" "$CGROUPS/other" "$CGROUPS/holder"
done_testing
