# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What runs only during the forced traffic: mptcp-force, and mptcp-watch (watch.sh).

# start_beside: returns when both are ready.
start_beside() {
	echo "        $MPTCP_FORCE --cgroup $CGROUP"
	start_force
	sed 's/^/        /' "$WORK/force"
	echo "        $MPTCP_WATCH --cgroup $CGROUP"
	start_watch
	sed 's/^/        /' "$WORK/watch"
	show_events
}

stop_beside() {
	stop_watch
	stop_force
	tail -n 1 "$WORK/force" | sed 's/^/        /'
}

# rehearse: reports an unsupported kernel immediately, not half way through the demo.
rehearse() {
	rehearse_force
	start_watch
	stop_watch
}

rehearse_force() {
	start_force
	stop_force
}

start_force() {
	"$MPTCP_FORCE" --cgroup "$CGROUP" >"$WORK/force" 2>&1 </dev/null &
	FORCE=$!
	await_tool "$MPTCP_FORCE" "$FORCE" "$WORK/force" enforcing enforce
}

stop_force() {
	kill "$FORCE" 2>/dev/null || true
	wait "$FORCE" || true
}
