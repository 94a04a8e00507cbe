# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What runs beside the forced traffic, and only then: the enforcer, and mptcp-watch (watch.sh).

# start_beside: returns when all of it is ready.
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

# rehearse: a kernel that cannot is told of at once, not when half of the demo is over.
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
	wait_for 30 enforcing_or_gone || die 1 "'$MPTCP_FORCE' does not enforce within 30 s"
	enforcing || force_ended
}

stop_force() {
	kill "$FORCE" 2>/dev/null || true
	wait "$FORCE" || true
}

enforcing() {
	grep -q '^enforcing' "$WORK/force"
}

# shellcheck disable=SC2317 # called by wait_for
enforcing_or_gone() {
	enforcing || ! kill -0 "$FORCE"
}

# force_ended: it has told why, and its exit status is the demo's.
force_ended() {
	local status=0
	wait "$FORCE" || status=$?
	cat "$WORK/force" >&2
	die $((status ? status : 1)) "'$MPTCP_FORCE' ended with status $status and did not enforce"
}
