#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The option bridge under absurd calls and many sockets: nothing is kept that TCP would refuse, and all is freed.

. "$(dirname "$0")/lib.sh"

OPTIONS=$PROJECT/tests/force/options.py
KEPT=/sys/fs/bpf/mptcp-force-test-kept
mkdir -p "$CGROUPS/app"
ip link set lo up
trap 'rm -f "$KEPT"; cleanup' EXIT

options() {
	in_cgroup app python3 "$OPTIONS" "$@" 2>&1
}

force_start force --cgroup "$CGROUPS/app"
map=$(bpftool map list name bridge_states | sed -n 's/^\([0-9]*\):.*/\1/p' | tail -n 1)
bpftool iter pin "$PROJECT/build/tests/force/kept.bpf.o" "$KEPT" map id "$map"
kept() {
	wc -l <"$KEPT"
}
# shellcheck disable=SC2317 # called by wait_for
none_kept() {
	[ "$(kept)" = 0 ]
}

is "$(options absurd | paste -sd,)" 'large ok 4321,end of a page ok 0' \
	'sizes and addresses without sense fail and keep nothing; those with sense work'
is "$(options race)" both 'a value that another process rewrites is the one that was checked'

is "$(kept)" 0 'no socket, nothing kept'
make_pipe "$TMP/lines"
options waiting <"$TMP/lines" >"$TMP/waiting" &
FORCE_PIDS+=($!)
wait_for 30 grep -q ok "$TMP/waiting"
is "$(kept)" 1 'one socket with an option is counted'
end_all app
ok '... and freed with it' wait_for 30 none_kept
is "$(options churn 10000)" 'done' '10,000 sockets with options, closed in all ways'
ok '... and nothing is kept for them' wait_for 60 none_kept
is "$(options answers closed | wc -l)" "$(options answers closed | wc -l)" 'options still work'
force_stop
done_testing
