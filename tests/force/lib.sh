# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Shared by the tests of mptcp-force. Source it first. The tests run as root, in a guest of tests/vm.
# MPTCP_FORCE names another program to test: with one that does nothing, every test must fail.

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
MPTCP_FORCE=${MPTCP_FORCE:-$PROJECT/build/mptcp-force}
SOCKET_PROBE=$PROJECT/build/tests/socket_probe
CGROUPS=/sys/fs/cgroup
TMP=$(mktemp -d)
FORCE_PIDS=()

# shellcheck disable=SC2034 # for the tests
TCP=6 MPTCP=262

# shellcheck source=tests/lib/tap.sh
. "$PROJECT/tests/lib/tap.sh"

cleanup() {
	local pid
	for pid in "${FORCE_PIDS[@]}"; do
		# A function in the background is a shell that waits for the program.
		pkill -KILL -P "$pid" || true
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true # or the shell says that it was killed
	done
	rmdir "$CGROUPS/holder" 2>/dev/null || true
	rm -rf "$TMP"
}
trap cleanup EXIT

# force_start NAME OPTION...: enforces in the background until force_stop; its standard error goes
# to $TMP/NAME.err, its process id to FORCE_PID.
force_start() {
	local name=$1
	shift
	"$MPTCP_FORCE" "$@" 2>"$TMP/$name.err" &
	FORCE_PID=$!
	FORCE_PIDS+=("$FORCE_PID")
	wait_for 60 grep -q ^enforcing "$TMP/$name.err" || diag "no enforcement: $(cat "$TMP/$name.err")"
}

# force_stop [PID [SIGNAL]]: ends it; its exit status is in FORCE_STATUS.
force_stop() {
	local pid=${1:-$FORCE_PID}
	FORCE_STATUS=0
	kill "-${2:-INT}" "$pid"
	# Without bash's message about a killed process.
	# shellcheck disable=SC2034 # for the tests
	wait "$pid" 2>/dev/null || FORCE_STATUS=$?
}

# hold_attachment: enforces an empty cgroup until the end. Enforcers that start from now on share its programs instead
# of loading and attaching their own, and waiting at their end until the kernel has detached them: that takes most of the time of a
# test that starts many, and is tested by those that do not call this.
hold_attachment() {
	mkdir -p "$CGROUPS/holder"
	force_start holder --cgroup "$CGROUPS/holder"
}

# in_cgroup PATH COMMAND...: runs it there; PATH is below the root of the hierarchy.
in_cgroup() {
	local path=$1
	shift
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$CGROUPS/$path" "$@"
}

# move_all FROM TO: moves every process of one cgroup to another.
move_all() {
	local pid pids
	# Read first: the file shrinks meanwhile.
	mapfile -t pids <"$CGROUPS/$1/cgroup.procs"
	for pid in "${pids[@]}"; do
		echo "$pid" >"$CGROUPS/$2/cgroup.procs"
	done
}

# end_all PATH: ends every process in the cgroup.
end_all() {
	echo 1 >"$CGROUPS/$1/cgroup.kill"
	wait_for 30 grep -qx 'populated 0' "$CGROUPS/$1/cgroup.events"
}

# protocol_in PATH FAMILY TYPE PROTOCOL: which protocol such a socket gets in that cgroup.
protocol_in() {
	local path=$1
	shift
	in_cgroup "$path" "$SOCKET_PROBE" "$@"
}

# tcp_in PATH: the same for the ordinary socket(AF_INET, SOCK_STREAM, 0).
tcp_in() {
	protocol_in "$1" inet stream 0
}

# attach KIND ARGUMENT [CGROUP]: a BPF program of someone else (see tests/tools/foreign_program.c), until
# detach.
ATTACHED=()
attach() {
	local output=$TMP/attached${#FORCE_PIDS[@]}
	"$PROJECT/build/tests/foreign_program" "$1" "$2" ${3:+"$CGROUPS/$3"} >"$output" &
	ATTACHED+=("$!")
	FORCE_PIDS+=("$!")
	wait_for 30 grep -q attached "$output" || diag "cannot attach: $*"
}

# detach: all of them.
detach() {
	kill "${ATTACHED[@]}"
	wait "${ATTACHED[@]}" 2>/dev/null
	ATTACHED=()
}

# make_pipe PATH: a named pipe that this shell reads, as its descriptor 8.
make_pipe() {
	mkfifo "$1"
	exec 8<>"$1"
}

# fill_pipe PATH: with zeros, until a write would block.
fill_pipe() {
	! dd if=/dev/zero of="$1" bs=4096 oflag=nonblock status=none 2>/dev/null
}

# fails_with STATUS REGEX NAME COMMAND...: the command has this exit status, and an error to match.
fails_with() {
	local wanted=$1 regex=$2 name=$3 status=0 output
	shift 3
	output=$(timeout 60 "$@" 2>&1 >/dev/null) || status=$?
	is "$status" "$wanted" "$name: exit status"
	like "$output" "$regex" "$name: message"
	unlike "$output" '(^|'$'\n'')enforcing' "$name: nothing is enforced"
}
