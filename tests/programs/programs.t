#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: guest, hook
#
# Programs that know nothing of MPTCP use it, both ends of each forced, over two paths, and do their job;
# not in scope they do the same over plain TCP. Needs root and a kernel with the hook; run it with
# 'tests/vm/run 6.12 -- prove -v tests/programs/programs.t'. MPTCP_FORCE is the enforcer to test.
#
#	tests/programs/programs.t [PROGRAM...]
#	tests/programs/programs.t --long   those of long/, which 'make test-long' runs: tests/long/programs
#
# shellcheck disable=SC2317 # trap and wait_for call functions by name

set -euo pipefail

PROGRAMS=$(dirname "$(readlink -f "$0")")
cd "$PROGRAMS/../.."
export PATH=/usr/sbin:/usr/bin:/sbin:/bin # the programs are those of the packages
MPTCP_FORCE=${MPTCP_FORCE:-build/mptcp-force}
MPTCP_WATCH=${MPTCP_WATCH:-build/mptcp-watch}
LAB_NAME=programs$$
export LAB_NAME

# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lab/topology.sh
. tests/lab/topology.sh
# shellcheck source=tests/lab/nodes.sh
. tests/lab/nodes.sh
# shellcheck source=tests/programs/run.sh
. "$PROGRAMS/run.sh"
# shellcheck source=tests/programs/table.sh
. "$PROGRAMS/table.sh"
# shellcheck source=tests/programs/watched.sh
. "$PROGRAMS/watched.sh"

ALL=(traffic curl python3 redis ssh iperf3 node java busybox setuid)
WATCHED='' # the programs of long/ are also seen by mptcp-watch
LONG=("$PROGRAMS"/long/*.sh)
LONG=("${LONG[@]##*/}")
LONG=("${LONG[@]%.sh}")
if [ "${1:-}" = --long ]; then
	shift
	[ $# -gt 0 ] || set -- "${LONG[@]}"
	WATCHED=yes
fi
[ $# -eq 0 ] || ALL=("$@")
OVER_IPV6=(traffic curl python3)
# What mptcpize does for a program: python3 shows that this test would see it if it did something.
MPTCPIZED=(python3:mptcp traffic:tcp setuid:tcp)

# At once: enough to keep two processors busy while some wait, few enough that none waits too long.
AT_ONCE=5
FIRST_PORT=5100

clean_up() {
	trap - EXIT
	stop "${WORKERS[@]}" "$ENFORCER" "$WATCH"
	if [ -e "$CGROUPS" ]; then
		echo 1 >"$CGROUPS/cgroup.kill"
		await 10 remove_cgroups || true
	fi
	tests/lab/lab down || true
	rm -rf "$WORK"
}

# stop PID...: an empty word is none.
stop() {
	local pid
	for pid in "$@"; do
		[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	done
}

remove_cgroups() {
	find "$CGROUPS" -depth -type d -exec rmdir {} +
}

set_up() {
	WORKERS=() ENFORCER='' WATCH=''
	WORK=$(mktemp -d)
	CGROUPS=$(findmnt -n -o TARGET -t cgroup2 | head -n 1)/mptcp-programs-$$
	trap clean_up EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	mkfifo "$WORK/never"
	exec {NEVER}<>"$WORK/never" # for await
	chmod 755 "$WORK" # other users start programs in it
	mkdir "$CGROUPS" "$CGROUPS/forced" "$CGROUPS/outside"
	tests/lab/lab up
	limit_buffers
	echo "# after $SECONDS s: the lab is up"
}

# check_needs: fails if a program is missing; nothing is skipped.
check_needs() {
	local program word
	for program in "${ALL[@]}"; do
		load_program "$program"
		for word in "${NEEDS[@]}"; do
			there "$word" || tap_result 1 "$TITLE: needs '${word%:*}' ($(remedy "$word"))"
		done
	done
	there mptcpize || tap_result 1 "mptcpize: needs 'mptcpize' ($(remedy mptcpize:mptcpize))"
}

there() { # WORD of NEEDS
	[ -e "${1%:*}" ] || command -v "${1%:*}" >/dev/null
}

remedy() { # WORD of NEEDS
	case $1 in
	*:*) echo "apt-get install ${1#*:}" ;;
	*) echo "make $1" ;;
	esac
}

start_enforcer() {
	"$MPTCP_FORCE" --cgroup "$CGROUPS/forced" >"$WORK/enforcer" 2>&1 </dev/null &
	ENFORCER=$!
	ok "the enforcer is in force" await 60 enforcing
	grep -q '^enforcing' "$WORK/enforcer" || diag "$(cat "$WORK/enforcer")"
}

enforcing() {
	grep -q '^enforcing' "$WORK/enforcer" || gone "$ENFORCER"
}

stop_enforcer() {
	local status=0
	kill "$ENFORCER" 2>/dev/null || true
	wait "$ENFORCER" || status=$?
	ENFORCER=
	is "$status" 0 "the enforcer ends well"
	diag "$(cat "$WORK/enforcer")"
}

# run_all PROGRAM.PHASE...: those that take longest first.
run_all() {
	local run port=$FIRST_PORT others
	others=$(jobs -pr | wc -l) # the enforcer
	for run in "$@"; do
		while [ "$(jobs -pr | wc -l)" -ge $((AT_ONCE + others)) ]; do
			wait -n || true
		done
		mkdir "$WORK/$run"
		run_program "${run%.*}" "${run#*.}" "$port" >"$WORK/$run/log" 2>&1 &
		WORKERS+=($!)
		port=$((port + 1))
	done
	wait "${WORKERS[@]}" || true
	WORKERS=()
}

among_all() { # WORD...: those that are about one of ALL
	local word
	for word in "$@"; do
			[[ " ${ALL[*]} " != *" ${word%[.:]*} "* ]] || echo "$word"
	done
}

runs() {
	local program
	among_all java.forced java.plain node.forced node.plain
	for program in "${ALL[@]}"; do
		echo "$program.forced"
		echo "$program.plain"
	done
	among_all "${OVER_IPV6[@]/%/.forced6}"
	among_all "${MPTCPIZED[@]/%:*/.mptcpize}"
}

report_forced() { # PROGRAM PHASE NAME
	local run=$WORK/$1.$2 failed=$TAP_FAILED host
	examine "$run"
	for host in client server; do
		is "${KINDS[$host]}" mptcp "$3, forced: the $host's end is MPTCP"
		is "${JOINS[$host]}" yes "$3, forced: the $host has its subflow over the second path"
	done
	is "${ENDS[server]}" "${ENDS[client]}" "$3, forced: it is the same at both ends"
	is "$JOB" "done" "$3, forced: the job is done"
	[ -z "$WATCHED" ] || report_watched "$run" "$3"
	[ "$TAP_FAILED" -eq "$failed" ] || show "$run"
}

# report_other PROGRAM PHASE KIND NAME: not in scope.
report_other() {
	local run=$WORK/$1.$2 failed=$TAP_FAILED host
	examine "$run"
	for host in client server; do
		is "${KINDS[$host]}" "$3" "$4: the $host's end is $3"
		[ "$3" = mptcp ] || is "${SECOND[$host]}" 0 "$4: the $host has nothing on the second path"
	done
	is "$JOB" "done" "$4: the job is done"
	[ "$TAP_FAILED" -eq "$failed" ] || show "$run"
}

show() { # RUN
	local file
	for file in "$1"/{log,client.ss,server.ss,client.err,server.err,server.out}; do
		[ ! -s "$file" ] || diag "  ${file##*/}: $(tail -n 20 "$file" | tr -s ' ')"
	done
}

report() {
	local program word
	for program in "${ALL[@]}"; do
		load_program "$program"
		report_forced "$program" forced "$TITLE"
		report_other "$program" plain tcp "$TITLE, not in scope"
	done
	for program in $(among_all "${OVER_IPV6[@]}"); do
		load_program "$program"
		report_forced "$program" forced6 "$TITLE over IPv6"
	done
	for word in $(among_all "${MPTCPIZED[@]}"); do
		load_program "${word%:*}"
		report_other "${word%:*}" mptcpize "${word#*:}" "$TITLE, run by mptcpize"
	done
	[[ " ${ALL[*]} " != *" redis "* ]] || is "$(said "$WORK/redis.forced/unix.out")" 2 "redis-cli over a Unix domain socket, forced: works as ever"
}

exec 3>&1
set_up
check_needs
start_enforcer
[ -z "$WATCHED" ] || start_watch
echo "# after $SECONDS s: it is in force"
mapfile -t RUNS < <(runs | awk '!seen[$0]++')
run_all "${RUNS[@]}"
[ -z "$WATCHED" ] || stop_watch
report
stop_enforcer
diag "$(write_table "${WATCHED:+-long}" "${ALL[@]}")"
echo "# after $SECONDS s: done"
done_testing
