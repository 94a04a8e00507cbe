# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For tests of mptcp-force that need two paths: tests/lab, a server, and clients in the cgroup app. Source it
# after lib.sh.

LAB=$PROJECT/tests/lab/lab
export LAB_NAME=force$$
declare -A TALK_PID

cleanup_lab() {
	end_all "${TALK_CGROUP:-app}"
	cleanup
	"$LAB" down
}

lab_up() {
	trap cleanup_lab EXIT
	"$LAB" up
}

# on HOST COMMAND...: like 'lab exec', but also for functions' pipes, and faster.
on() {
	nsenter "--net=/run/netns/$LAB_NAME-$1" -- "${@:2}"
}

# serve PORT [OPTION...]: an MPTCP echo server that is not forced, until the end.
serve() {
	on server python3 "$PROJECT/tests/force/talk.py" serve "$@" >"$TMP/serve$1" 2>&1 &
	FORCE_PIDS+=("$!")
	wait_for 60 grep -q ready "$TMP/serve$1" || diag "no server: $(cat "$TMP/serve$1")"
}

# serve_forced PORT [OPTION...]: one that is, in app, until end_all.
serve_forced() {
	in_cgroup app nsenter "--net=/run/netns/$LAB_NAME-server" -- \
		python3 "$PROJECT/tests/force/talk.py" serve "$@" protocol 0 >"$TMP/serve$1" 2>&1 &
	FORCE_PIDS+=("$!")
	wait_for 60 grep -q ready "$TMP/serve$1" || diag "no server: $(cat "$TMP/serve$1")"
}

# talk NAME PORT [OPTION...]: a client in app, or in TALK_CGROUP, an ordinary TCP program, connects to the server and sends until
# end_talk: see tests/force/talk.py.
talk() {
	local name=$1
	shift
	# Read first, because the connection can be joined at once.
	JOINS=$(joins)
	in_cgroup "${TALK_CGROUP:-app}" nsenter "--net=/run/netns/$LAB_NAME-client" -- \
		python3 "$PROJECT/tests/force/talk.py" talk "$@" >"$TMP/talk-$name" 2>&1 &
	TALK_PID[$name]=$!
	FORCE_PIDS+=("$!")
}

# echoed NAME: the client has had an answer.
echoed() {
	grep -q echoed "$TMP/talk-$1"
}

# end_talk NAME: with it, all that runs in its cgroup.
end_talk() {
	end_all "${TALK_CGROUP:-app}"
	wait "${TALK_PID[$1]}" 2>/dev/null
}

# joins [HOST]: how often the host, or the client's, has tried to open a second subflow.
joins() {
	"$LAB" counter "${1:-client}" MPTcpExtMPJoinSynTx MPTcpExtMPJoinSynTxConnectErr
}

# tried_join: whether it has since the last talk.
tried_join() {
	[ "$(joins)" -gt "$JOINS" ]
}

# has_subflow PORT: whether the client has a connection to this port from its second address.
has_subflow() {
	on client ss -Htn state established "dport = :$1" | grep -qE '192\.168\.6\.221|fd00:0:0:6::221'
}
