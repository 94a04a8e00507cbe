#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: host
#
# The failover runner refuses what it cannot run, says what went wrong, and leaves nothing behind, whenever
# it is stopped. Over TCP on this host's own kernel: no virtual machine. Needs root.
#
# shellcheck disable=SC2317 # the checks call functions by name, and so does trap

set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

RUN=tests/failover/run
WORK=$(mktemp -d)
CGROUPS=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
trap 'rm -rf "$WORK"' EXIT

# play ARGUMENT...: natively, over TCP, in one family; sets STATUS; the messages are in $WORK/said.
play() {
	STATUS=0
	"$RUN" --kernel native --mode tcp --family 4 --out "$WORK/out" "$@" >"$WORK/said" 2>&1 || STATUS=$?
}

# refused REGEX NAME LINE...: a scenario of these lines is a usage error that matches REGEX.
refused() {
	local regex=$1 name=$2
	shift 2
	printf '%s\n' "$@" >"$WORK/bad"
	play "$WORK/bad"
	is "$STATUS" 2 "$name: exit status"
	like "$(cat "$WORK/said")" "$regex" "$name: file, line, what was expected"
}

ours() { # PID: namespaces, cgroups and processes of that run
	ip netns list | grep "^fo$1-" || true
	ls -d "$CGROUPS/failover-$1" 2>/dev/null || true
	pgrep -f "$WORK/" || true
}

bad_scenarios() {
	local good=('title a test' 'traffic echo seconds 5' 'expect survives')
	refused 'bad:1: unknown word .titel.: wanted a statement' 'misspelt statement' 'titel a test'
	refused 'bad:4: unknown word .fial.: wanted an action' 'misspelt action' "${good[@]}" 'at 1 fial r1 drop'
	refused 'bad:4: unknown word .dorp.: wanted a kind' 'unknown kind' "${good[@]}" 'at 1 fail r1 dorp'
	refused 'bad:4: unknown router .r3.: wanted one of r1 r2' 'unknown router' "${good[@]}" 'at 1 fail r3 drop'
	refused 'bad:5: out of order' 'times out of order' "${good[@]}" 'at 2 fail r1 drop' 'at 1 restore r1'
	refused 'bad:4: .at 7 fail r1 drop. comes after' 'after the end' "${good[@]}" 'at 7 fail r1 drop'
	refused 'bad:4: .soon. is not a time: wanted seconds' 'no time' "${good[@]}" 'at soon fail r1 drop'
	refused 'bad:4: the line ends too soon: wanted a kind' 'half a line' "${good[@]}" 'at 1 fail r1'
	refused 'bad:4: unexpected .now.: wanted the end' 'a word too many' "${good[@]}" 'at 1 restore r1 now'
	refused 'bad:4: unknown word .failovr.: wanted an event' 'unknown event' "${good[@]}" 'expect event failovr'
	refused 'bad:4: .cause. is not of the form' 'attribute' "${good[@]}" 'expect event failover cause'
	refused 'bad:4: unknown attribute .cuase.' 'misspelt attribute' "${good[@]}" 'expect no event failover cuase=loss'
	refused 'bad:4: unknown router .r4.' 'router in an event' "${good[@]}" 'expect no event failover from=r4'
	refused 'bad:4: unknown host .clint.' 'host in an event' "${good[@]}" 'expect no event closed host=clint'
	refused 'bad:4: .six. is not a kernel' 'no kernel' "${good[@]}" 'expect kernel six survives'
	refused 'bad:4: unknown word .ring.: wanted a topology' 'unknown topology' "${good[@]}" 'topology ring'
	refused 'bad:4: unknown address' 'unknown address' "${good[@]}" 'at 1 on client ping {clint.r1}'
	refused 'bad:2: .many. is not the rate' 'no number' 'title a test' 'traffic echo rate many'
	refused "bad:2: the file ends without 'traffic" 'no traffic' 'title a test' 'expect survives'
	refused "bad:2: the file ends without 'expect" 'no expectation' 'title a test' 'traffic echo'
	refused 'bad:4: unexpected end|bad:4: No closing quotation' 'quotation' "${good[@]}" "at 1 on client sh -c 'x"
	printf 'title \xff\n' >"$WORK/bad"
	play "$WORK/bad"
	is "$STATUS" 2 "not text: exit status"
	play drop "$WORK/nosuch"
	is "$STATUS" 2 "no such file: exit status"
	like "$(cat "$WORK/said")" "unknown scenario '$WORK/nosuch' \(see 'run --list'\)" "no such file: says so"
	printf '%s\n' "${good[@]}" >"$WORK/mine"
	STATUS=0
	(cd "$WORK" && "$OLDPWD/$RUN" mine) >"$WORK/said" 2>&1 || STATUS=$?
	is "$STATUS" 2 "a file here, without its folder: exit status"
	like "$(cat "$WORK/said")" "unknown scenario 'mine' \(give a file's path: './mine'\)" \
		"a file here, without its folder: the message says how to name it"
	play
	is "$STATUS" 2 "no scenario: exit status"
	play --family 5 drop
	is "$STATUS" 2 "unknown family: exit status"
	is "$(find "$WORK/out" -name result.json 2>/dev/null)" '' "nothing was started"
}

good_scenarios() {
	local status=0
	"$RUN" --list >"$WORK/said" || status=$?
	is "$status" 0 "all scenarios can be read"
	is "$(wc -l <"$WORK/said")" "$(find tests/failover/scenarios -type f ! -name '*.md' | wc -l)" "and are listed"
}

programs() {
	local labs
	# Labs of other runs.
	labs=$(ip netns list | grep '^fo' || true)
	play drop -- "$WORK/nosuch"
	is "$STATUS" 1 "a program that does not exist: exit status"
	like "$(cat "$WORK/said")" "cannot start '$WORK/nosuch'" "a program that does not exist: message"
	printf '#!/nosuch\n' >"$WORK/broken"
	chmod +x "$WORK/broken"
	play drop -- "$WORK/broken"
	is "$STATUS" 1 "a program that cannot be started: exit status"
	like "$(cat "$WORK/said")" "never connected .*ended with status 12[67]" "a program that cannot be started: message"
	play drop -- sleep 60
	is "$STATUS" 1 "a program that never connects: exit status"
	like "$(cat "$WORK/said")" "'sleep' never connected to 192.168.1.2 port 5003: not within 10 s" \
		"a program that never connects: message"
	is "$(ip netns list | grep '^fo' || true)" "$labs" "the lab is torn down"
	printf '%s\n' 'title no fault' 'traffic echo seconds 5' 'expect survives' >"$WORK/quick"
	play "$WORK/quick" -- build/traffic -address '{address}:{port}' -timeout 3s -rate 20
	is "$STATUS" 0 "a program that connects"
	is "$(jq '.[] | .intact, .app_outage_ms' "$WORK/out/report.json" | xargs)" 'null null' \
		"unknown figures are left out"
	like "$(cat "$WORK/said")" "outage unknown .*Outage and goodput of 'build/traffic' are unknown: only" \
		"... and the reason is reported"
	ok "... in the report, too" grep -q "^Outage and goodput of 'build/traffic' are unknown" "$WORK/out/report.md"
	play drop -- build/traffic -address '{address}:{port}' -timeout 1s -rate 20
	is "$STATUS" 1 "a program that ends before the fault: exit status"
	like "$(cat "$WORK/said")" 'the program stays for all actions; got: 2 actions were left' \
		"a program that ends before the fault: message"
}

# stopped WHEN CONDITION...: interrupts a run as soon as the condition holds.
stopped() {
	local name=$1 pid status=0
	shift
	"$RUN" --kernel native --mode tcp --family 4 --out "$WORK/out" drop >"$WORK/said" 2>&1 &
	pid=$!
	wait_for 30 "$@" "$pid" || diag "never: $name"
	kill -INT "$pid"
	wait "$pid" || status=$?
	is "$status" 130 "stopped $name: exit status"
	[ "$status" -eq 130 ] || diag "$(tail -n 20 "$WORK/said")"
	is "$(ours "$pid")" '' "stopped $name: it leaves nothing behind"
}

has_cgroup() { [ -e "$CGROUPS/failover-$1" ]; }
has_node() { ip netns list | grep -q "^fo$1-$NODE\b"; }
has_process() { [ -n "$(ip netns pids "fo$1-$NODE" 2>/dev/null)" ]; }
has_fault() { ip netns exec "fo$1-r1" iptables -S FORWARD | grep -q DROP; }

# The signal always comes at the same moment, unlike in stopped().
stopped_in_up() {
	local lab
	lab=$(tests/failover/interrupted_up)
	like "$lab" '^fo[0-9]+$' "stopped when 'lab up' starts: it ends"
	is "$(ip netns list | grep "^$lab-" || true)" '' "stopped when 'lab up' starts: it leaves nothing behind"
}

stopped_in_start() {
	is "$(tests/failover/interrupted_start 2>&1)" ended \
		"stopped before a program has entered its cgroup: it leaves nothing behind"
}

stopping() {
	stopped_in_up
	stopped_in_start
	stopped "once its cgroup exists" has_cgroup
	NODE=server stopped "once one node exists" has_node
	NODE=r2 stopped "once all nodes exist" has_node
	NODE=server stopped "once the server runs" has_process
	NODE=client stopped "once the client runs" has_process
	stopped "while the fault is in force" has_fault
}

side_by_side() {
	local first status=0
	"$RUN" --kernel native --mode tcp --family 4 --out "$WORK/first" drop >"$WORK/first.said" 2>&1 &
	first=$!
	NODE=client wait_for 30 has_process "$first"
	STATUS=0
	"$RUN" --kernel native --mode tcp --family 4 --out "$WORK/first" drop >"$WORK/said" 2>&1 || STATUS=$?
	is "$STATUS" 1 "two runs, the same directory: exit status"
	like "$(cat "$WORK/said")" 'another run does \(choose another --out\)' "two runs, the same directory: message"
	play drop
	is "$STATUS" 0 "two runs at a time: the second"
	wait "$first" || status=$?
	is "$status" 0 "two runs at a time: the first"
}

report() {
	local keys
	keys=$(jq -c '.[0] | keys_unsorted' "$WORK/out/report.json")
	is "$keys" "$(jq -nc '"scenario kernel family mode survived intact app_outage_ms watch_outage_ms reinjected_bytes failovers resumed expected passed" | split(" ")')" \
		"report.json has the documented keys"
	is "$(jq '.[0].passed' "$WORK/out/report.json")" true "report.json: passed"
	ok "report.md" grep -q '^| drop: ' "$WORK/out/report.md"
	ok "... shows the picture" grep -q '^!\[drop over TCP, IPv4\](native/drop-ipv4-tcp/picture.svg)$' \
		"$WORK/out/report.md"
	is "$(find "$WORK"/out/native/drop-ipv4-tcp/picture.{svg,png} -size +1k | wc -l)" 2 "pictures, SVG and PNG"
}

# An expectation that does not hold is reported, also by the exit status.
unmet() {
	printf '%s\n' 'title no fault' 'traffic echo seconds 2' 'expect outage above 1000' >"$WORK/unmet"
	play "$WORK/unmet"
	is "$STATUS" 1 "an expectation that is not met: exit status"
	like "$(cat "$WORK/said")" 'expected: outage above 1000; got: [0-9]+ ms' "an expectation that is not met: message"
}

[ "$(id -u)" -eq 0 ] || {
	echo "1..0 # SKIP needs root"
	exit 0
}
bad_scenarios
good_scenarios
programs
unmet
stopping
side_by_side
report
done_testing
