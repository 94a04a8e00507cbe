# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the tests of attach, detach and status. Source it behind lib.sh.

PINS=/sys/fs/bpf/mptcp-force
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf

# Nothing survives the test.
detach_everything() {
	"$MPTCP_FORCE" detach -q --all 2>/dev/null
	rm -rf "$PINS" /run/mptcp-force
	cleanup
}
trap detach_everything EXIT

# run_force ARGUMENT...: its exit status is in STATUS, its output in OUT and ERR.
# shellcheck disable=SC2034 # for the tests
run_force() {
	STATUS=0
	"$MPTCP_FORCE" "$@" >"$TMP/out" 2>"$TMP/err" || STATUS=$?
	OUT=$(cat "$TMP/out") ERR=$(cat "$TMP/err")
}

# attach_ok NAME ARGUMENT...: attaches, with status 0.
attach_ok() {
	run_force attach "$@"
	is "$STATUS" 0 "attach $1"
	[ "$STATUS" -eq 0 ] || diag "$ERR"
}

# json NAME FILTER: jq's answer on the scope with that name in status.
json() {
	"$MPTCP_FORCE" status "$1" --json 2>/dev/null | jq -r ".scopes[0] | $2"
}

# Links on the hook, of all enforcers of the host.
links_on_hook() {
	bpftool -j link show | jq '[.[] | select(.attach_type == "modify_return")] | length'
}

# shellcheck disable=SC2317 # called by wait_for
nothing_attached() {
	[ "$(links_on_hook)" = 0 ]
}
