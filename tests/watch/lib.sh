# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Shared by the tests of mptcp-watch. Source it first. The tests run as root, in a guest of tests/vm.
# MPTCP_WATCH names another program to test: with one that sees nothing, every test must fail.

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
MPTCP_WATCH=${MPTCP_WATCH:-$PROJECT/build/mptcp-watch}
# Seconds to wait for an event.
DEADLINE=${MPTCP_WATCH_DEADLINE:-30}
PEER=$PROJECT/tests/watch/peer.py
LAB=$PROJECT/tests/lab/lab
TMP=$(mktemp -d)
declare -A PEER_PID PEER_IN PEER_OUT
STARTED_PIDS=()
export LAB_NAME=watch$$
export LC_ALL=C.UTF-8

# shellcheck disable=SC2034 # for the tests: before a command that is to run on that host of the lab
ON_SERVER=(nsenter "--net=/run/netns/$LAB_NAME-server" --)
# shellcheck disable=SC2034
ON_CLIENT=(nsenter "--net=/run/netns/$LAB_NAME-client" --)

# shellcheck source=tests/lib/tap.sh
. "$PROJECT/tests/lib/tap.sh"

cleanup() {
	local pid
	for pid in "${STARTED_PIDS[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true # or the shell says that it was killed
	done
	"$LAB" down
	rm -rf "$TMP"
}
trap cleanup EXIT

# lab_up: the lab, and the inode numbers of its hosts' network namespaces.
lab_up() {
	"$LAB" up
	CLIENT=$(stat -Lc %i "/run/netns/$LAB_NAME-client")
	SERVER=$(stat -Lc %i "/run/netns/$LAB_NAME-server")
	query_start
}

# on HOST COMMAND...: like 'lab exec', but faster, which matters in an emulated machine.
on() {
	nsenter "--net=/run/netns/$LAB_NAME-$1" -- "${@:2}"
}

# fail ROUTER [OPTION...]: it drops all packets that it forwards, or those that match the options of iptables.
# mend ROUTER: it forwards again.
fail() {
	on "$1" iptables -A FORWARD "${@:2}" -j DROP
	on "$1" ip6tables -A FORWARD "${@:2}" -j DROP
}

mend() {
	on "$1" iptables -F FORWARD
	on "$1" ip6tables -F FORWARD
}

# kernel_has FUNCTION: whether probes can find it.
kernel_has() {
	LC_ALL=C grep -qaw "$1" /sys/kernel/btf/vmlinux
}

# watch_start NAME [record FILE] OPTION...: watches in the background until watch_stop, its events in $TMP/NAME.json;
# EVENTS names that file.
watch_start() {
	local name=$1
	shift
	EVENTS=$TMP/$name.json
	"$MPTCP_WATCH" "$@" --json >"$EVENTS" 2>"$TMP/$name.err" &
	WATCH_PID=$!
	STARTED_PIDS+=("$WATCH_PID")
	wait_for 60 grep -q ^watching "$TMP/$name.err" || diag "not watching: $(cat "$TMP/$name.err")"
}

# watch_stop [PID]: ends it, if it has not ended by itself; its exit status is in WATCH_STATUS.
watch_stop() {
	local pid=${1:-$WATCH_PID}
	WATCH_STATUS=0
	kill -INT "$pid" 2>/dev/null || true
	# shellcheck disable=SC2034 # for the tests
	wait "$pid" || WATCH_STATUS=$?
}

# value CONDITION EXPRESSION: the value of the expression for each event that meets the condition, separated by
# spaces. Both are Python, as query.py expects. 'client' and 'server' are the hosts' network namespaces.
value() {
	local answer='no answer'
	printf '%s\t%s\t%s\n' "$EVENTS" "${1//[$'\n\t']/ }" "$2" >&"$QUERY_IN"
	read -r -t 60 answer <&"$QUERY_OUT" || true
	echo "$answer"
}

# watched_all: ends the watcher, which must not have missed anything. EVENTS is still its file.
watched_all() {
	watch_stop
	is "$WATCH_STATUS $(grep -v "$(inevitable_warning)" "${EVENTS%.json}.err")" '0 watching MPTCP' \
		'nothing was missed'
}

# preempted: whether the kernel preempts tasks in the middle of a probe.
preempted() {
	local debug=/sys/kernel/debug
	mountpoint -q "$debug" || mount -t debugfs none "$debug"
	grep -qE '\((full|lazy)\)' "$debug/sched/preempt"
}

# inevitable_warning: the warning to expect then.
inevitable_warning() {
	if preempted; then
		echo 'warning: the kernel skipped'
	else
		echo '^$'
	fi
}

# count CONDITION: the number of events that meet it.
count() {
	value "$1" event | wc -w
}

query_start() {
	coproc QUERY { exec python3 -IS "$PROJECT/tests/watch/query.py" \
		"client=${CLIENT:-0}" "server=${SERVER:-0}"; }
	# A coprocess's own are closed in pipelines.
	exec {QUERY_IN}>&"${QUERY[1]}" {QUERY_OUT}<&"${QUERY[0]}"
}

# about PORT [SPORT]: conditions for the events of the client, and of the server, of their connection to that port,
# or of the one from SPORT.
# shellcheck disable=SC2034 # for the tests
about() {
	local sport=${2:-$SPORT}
	OURS="netns == client and sport == $sport and dport == $1"
	THEIRS="netns == server and sport == $1 and dport == $sport"
}

# reported [-n COUNT] EVENT [REGEX]: waits until COUNT events (default 1) of that name are there, with text after the
# name that matches REGEX.
reported() {
	local number=1
	if [ "$1" = -n ]; then
		number=$2
		shift 2
	fi
	wait_for "$DEADLINE" reported_now "$number" "$@"
}

reported_now() {
	[ "$(grep -cE "\"event\":\"$2\".*${3:-}" "$EVENTS")" -ge "$1" ]
}

# settle: makes a connection of its own. Once that is reported as closed, everything before it has been reported.
settle() {
	local before
	before=$(grep -c '"event":"closed"' "$EVENTS") || true
	python3 -IS "$PEER" once >/dev/null
	reported -n $((before + 2)) closed
}

# peer_start NAME [COMMAND...]: starts one end of connections, peer.py, by that command.
peer_start() {
	local name=$1 in out
	shift
	mkfifo "$TMP/$name.in" "$TMP/$name.out"
	"$@" python3 -IS "$PEER" <"$TMP/$name.in" >"$TMP/$name.out" 2>"$TMP/$name.err" &
	PEER_PID[$name]=$!
	STARTED_PIDS+=("$!")
	exec {in}>"$TMP/$name.in" {out}<"$TMP/$name.out"
	PEER_IN[$name]=$in
	PEER_OUT[$name]=$out
	rm "$TMP/$name.in" "$TMP/$name.out"
}

# ask NAME WORD...: sends a request to that end, and waits for the answer, in ANSWER.
ask() {
	local name=$1
	shift
	request "$name" "$@"
	answer_of "$name" "$@"
}

# request NAME WORD... and answer_of NAME: the same in two steps, for a request that waits for the other end.
request() {
	echo "${*:2}" >&"${PEER_IN[$1]}"
}

answer_of() {
	ANSWER='no answer'
	read -r -t 60 ANSWER <&"${PEER_OUT[$1]}" || true
	[[ $ANSWER == ok* ]] || diag "$1: ${*:2}: $ANSWER $(cat "$TMP/$1.err")"
	ANSWER=${ANSWER#ok}
	ANSWER=${ANSWER# }
}

# hex: the bytes of its input in hexadecimal, for the peers' command 'name'.
hex() {
	od -An -v -tx1 | tr -d ' \n'
}

# peer_stop NAME: closes its connections and ends it.
peer_stop() {
	local in=${PEER_IN[$1]} out=${PEER_OUT[$1]}
	exec {in}>&- {out}<&-
	wait "${PEER_PID[$1]}" || true
}

# meet ADDRESS PORT: a connection between the peers client and server, once both have sent 100 bytes.
# SPORT is the client's port.
meet() {
	ask client connect "$1" "$2"
	SPORT=$ANSWER
	ask server accept
	ask client send 100
	ask server receive 100
	ask server send 100
	ask client receive 100
}

# meet_twice ADDRESS PORT: the same, with a second subflow. The server must listen on all addresses, because that
# subflow arrives at another one.
meet_twice() {
	meet "$@"
	reported created "\"sport\":$SPORT,"
	reported created "\"dport\":$SPORT,"
	TOKEN=$(value "event == 'created' and sport == $SPORT and not server_side" token)
	TOKEN_THERE=$(value "event == 'created' and dport == $SPORT and server_side" token)
	reported sub_established "\"token\":\"$TOKEN\"" && reported sub_established "\"token\":\"$TOKEN_THERE\""
}

# meet_at_rest ADDRESS PORT: like meet_twice, once nothing is in flight on any subflow. What one end sends next goes to
# the first subflow: of those with the least unacknowledged data, the scheduler takes the first. On a busy machine, the
# kernel's timer of 200 ms may have reinjected earlier data on another subflow, whose turn it would be.
meet_at_rest() {
	meet_twice "$@"
	wait_for 60 at_rest "$2" || diag "data of $SPORT is still in flight"
}

at_rest() { # PORT
	local end
	# MPTCP's acknowledgement first: without one, the kernel reinjects.
	for end in client server; do
		ask $end outstanding
		[ "$ANSWER" = 0 ] || return
	done
	! { on client ss -Htni state established "dport = :$1" && on server ss -Htni state established "sport = :$1"; } |
		grep -qE ' (unacked|notsent):'
}

# rto HOST FILTER: the timeout of that subflow, in ms: ss prints a fraction, too.
rto() {
	on "$1" ss -Htni "$2" | sed -n 's/.* rto:\([0-9]*\).*/\1/p'
}

answers_in_time() { # PORT
	ask client send 1
	ask server receive 1
	ask server send 1
	ask client receive 1
	at_rest "$1" && [ "$(rto client "sport = :$SPORT")" -lt 380 ] && [ "$(rto server "dport = :$SPORT")" -lt 380 ]
}

# meet_in_time ADDRESS PORT: like meet_at_rest, once the first path answers as fast as is normal here. If a busy machine
# was slow with the first packets, MPTCP's timer of 200 ms fires too early for a failover.
meet_in_time() {
	meet_twice "$@"
	wait_for 120 answers_in_time "$2" || diag "the first path takes long: $(rto client "sport = :$SPORT") ms"
}

# send_until EVENT: sends if all data of the client is acknowledged; whether that event of TOKEN is reported. To be
# repeated: some events need more than one run of the kernel's timer.
# shellcheck disable=SC2317 # called by wait_for
send_until() {
	ask client outstanding
	[ "$ANSWER" != 0 ] || ask client send 1000
	reported_now 1 "$1" "\"token\":\"$TOKEN\""
}

# note_time: sets NOW_NS to what mono_ns of an event is that happens now, or up to 10 ms less.
note_time() {
	local uptime
	read -r uptime _ </proc/uptime
	# shellcheck disable=SC2034 # for the tests
	NOW_NS=${uptime/./}0000000
}

# part: both ends close the connection; waits until that is reported.
part() {
	local before
	before=$(grep -c '"event":"closed"' "$EVENTS") || true
	ask client close
	ask server close
	reported -n $((before + 2)) closed
}

# in_cgroup PATH COMMAND...: runs it there; PATH is below the root of the hierarchy.
in_cgroup() {
	local path=$1
	shift
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'echo $$ >"/sys/fs/cgroup/$0/cgroup.procs" && exec "$@"' "$path" "$@"
}
