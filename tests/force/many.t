#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Many enforcers at once share one attachment to the hook. Each ends independently, also when it is
# killed, and nothing remains after the last.

. "$(dirname "$0")/lib.sh"

MANY=${MPTCP_FORCE_MANY:-40} DEPTH=20

# Links on the hook, of all enforcers of the host.
links_on_hook() {
	bpftool -j link show | jq '[.[] | select(.attach_type == "modify_return")] | length'
}

nothing_attached() {
	[ "$(links_on_hook)" = 0 ]
}

mkdir -p "$CGROUPS/app" "$CGROUPS/other" "$CGROUPS/caller"
nothing_attached || diag 'another enforcer is already running'

# Many enforcers at once.
force_start first --cgroup "$CGROUPS/app"
FIRST=$FORCE_PID
alone=$(links_on_hook)
ok 'an enforcer attaches to the hook' test "$alone" -ge 1
is "$(bpftool -j map dump name enforcers | jq '[.[].formatted.value | select(.word != 0)] | length')" 1 \
	'... and occupies one place'
mkfifo "$TMP/go"
exec {GO}<>"$TMP/go"
for ((i = 0; i < MANY; i++)); do
	{ echo 'inet stream 0' && read -r _ <"$TMP/go"; } |
		in_cgroup caller "$MPTCP_FORCE" run -q -- "$SOCKET_PROBE" >"$TMP/run$i" &
	FORCE_PIDS+=("$!")
	runs[i]=$!
done
# shellcheck disable=SC2317 # called by wait_for
all_ran() {
	[ "$(cat "$TMP"/run[0-9]* | grep -cx "$MPTCP")" -eq "$MANY" ]
}
ok "$MANY runs at once: each gets MPTCP" wait_for 300 all_ran
is "$(links_on_hook)" "$alone" '... and the hook has no more programs than for one'
is "$(tcp_in caller)" "$TCP" '... while their caller stays on TCP'
is "$(tcp_in other)" "$TCP" '... and so does another cgroup'
force_stop "$FIRST"
is "$(tcp_in app)" "$TCP" 'when the one that attached ends, its scope is TCP'
is "$(links_on_hook)" "$alone" '... and the others keep its programs'
probe=$(find "$CGROUPS/caller" -name 'mptcp-force-run-*' -type d | head -n 1)
is "$(tcp_in "${probe#"$CGROUPS/"}")" "$MPTCP" '... which still enforce'
force_start late --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'a later enforcer shares them'
is "$(links_on_hook)" "$alone" '... without more programs'
force_stop "$FORCE_PID" KILL
is "$(tcp_in app)" "$TCP" 'when it is killed, its scope is TCP immediately'
is "$(tcp_in "${probe#"$CGROUPS/"}")" "$MPTCP" "... and no other scope"
in_cgroup caller "$MPTCP_FORCE" run -- "$SOCKET_PROBE" inet stream 0 >"$TMP/one" 2>&1
in_cgroup caller "$MPTCP_FORCE" run -- "$SOCKET_PROBE" inet stream 0 >"$TMP/next" 2>&1
like "$(cat "$TMP/next")" 'upgraded: 1,' 'an enforcer in the place of another counts only its own sockets'
for ((i = 0; i < MANY; i++)); do echo >&"$GO"; done
failed=0
for ((i = 0; i < MANY; i++)); do wait "${runs[i]}" || failed=$((failed + 1)); done
is "$failed" 0 'every run exits as its command does'
is "$(find "$CGROUPS/caller" -mindepth 1 -type d)" '' '... and leaves no cgroup'
ok 'nothing is attached after the last has ended' wait_for 30 nothing_attached

# Nested runs.
nested=("$SOCKET_PROBE" inet stream 0)
for ((i = 0; i < DEPTH; i++)); do nested=("$MPTCP_FORCE" run -- "${nested[@]}"); done
is "$(in_cgroup caller "${nested[@]}" 2>"$TMP/nested.err")" "$MPTCP" "$DEPTH nested runs"
is "$(sed -n 's/^upgraded: \([0-9]*\),.*/\1/p' "$TMP/nested.err" | paste -sd' ')" \
	"1$(printf ' 0%.0s' $(seq $((DEPTH - 1))))" '... only the innermost has counted the socket'

# All killed at once.
for i in 1 2 3; do
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app" 2>"$TMP/killed$i.err" &
	killed[i]=$!
	FORCE_PIDS+=("$!")
done
for i in 1 2 3; do wait_for 60 grep -q ^enforcing "$TMP/killed$i.err"; done
is "$(tcp_in app)" "$MPTCP" 'three enforcers of one cgroup: MPTCP'
kill -KILL "${killed[@]}"
wait "${killed[@]}" 2>/dev/null
is "$(tcp_in app)" "$TCP" 'all killed: TCP immediately'
ok '... and nothing stays attached' wait_for 30 nothing_attached
is "$(bpftool -j map show | jq '[.[] | select(.name == "enforcers" or .name == "directory")] | length')" 0 \
	'... nor any of their maps'

# More enforcers of one cgroup than a rule can hold.
for ((i = 0; i < 65; i++)); do
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app" 2>"$TMP/crowd$i.err" &
	crowd[i]=$!
	FORCE_PIDS+=("$!")
done
# shellcheck disable=SC2317 # called by wait_for
all_said() {
	[ "$(cat "$TMP"/crowd*.err | grep -cE '^enforcing|cannot store the scope')" -eq 65 ]
}
wait_for 300 all_said
is "$(cat "$TMP"/crowd*.err | grep -c ^enforcing)" 64 'of 65 enforcers of one cgroup, 64 enforce'
like "$(cat "$TMP"/crowd*.err)" 'cannot store the scope: 64 enforcers already name the same cgroup' \
	'... and the last reports what is full'
for ((i = 0; i < 65; i++)); do
	grep -q ^enforcing "$TMP/crowd$i.err" || break
done
status=0
wait "${crowd[i]}" || status=$?
is "$status" 1 '... and exits with 1'
is "$(tcp_in app)" "$MPTCP" '... while the others enforce'
kill "${crowd[@]}" 2>/dev/null
wait "${crowd[@]}" 2>/dev/null
ok '... and all of them end' wait_for 60 nothing_attached

# Without CAP_SYS_ADMIN, an enforcer cannot find what others have attached, and attaches its own programs.
force_start shared --cgroup "$CGROUPS/other"
alone=$(links_on_hook)
setpriv --bounding-set -all,+bpf,+perfmon,+syslog --inh-caps -all,+bpf,+perfmon,+syslog \
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app" 2>"$TMP/own.err" &
FORCE_PIDS+=("$!")
OWN=$!
ok 'without CAP_SYS_ADMIN, it enforces' wait_for 60 grep -q ^enforcing "$TMP/own.err"
is "$(links_on_hook)" $((2 * alone)) '... with its own programs'
is "$(tcp_in app) $(tcp_in other)" "$MPTCP $MPTCP" '... beside those of others'
force_stop "$OWN"
is "$(tcp_in app) $(tcp_in other)" "$TCP $MPTCP" '... which continue when it ends'
force_stop

done_testing
