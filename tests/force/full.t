#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the enforcers of a host share can be full: the tables of rules, until those of dead enforcers are removed, and the
# places of enforcers. For the owners of one rule, see many.t.

. "$(dirname "$0")/lib.sh"

TAKE_PLACES=$PROJECT/build/tests/take_places
RULES=4096 PLACES=1024

mkdir -p "$CGROUPS/app" "$CGROUPS/other"
as_user() {
	setpriv --reuid "$1" --clear-groups "$SOCKET_PROBE" inet stream 0
}

# The table of rules by user, all but one of which belong to one enforcer.
force_start keeper --cgroup "$CGROUPS/app" --uid nobody
mapfile -t uids < <(seq -f '--uid=%.0f' 100001 $((100000 + RULES - 1)))
force_start full "${uids[@]}"
FULL=$FORCE_PID
is "$(as_user 100001) $(as_user $((100000 + RULES - 1)))" "$MPTCP $MPTCP" "$RULES rules by user: the first and the last are in force"
fails_with 1 'cannot store the scope: the table of rules, shared by all enforcers of this host, is full \(stop an enforcer, or name fewer cgroups\)' \
	'one more rule' "$MPTCP_FORCE" --uid daemon
is "$(as_user daemon)" "$TCP" '... is not in force'
force_start another --cgroup "$CGROUPS/other"
is "$(tcp_in other)" "$MPTCP" '... while a rule of another kind has room'
force_stop
force_stop "$FULL" KILL
force_start daemon --uid daemon
is "$(as_user daemon)" "$MPTCP" 'when the enforcer is killed, its rules make room'
is "$(as_user 100001)" "$TCP" '... and have no effect'
is "$(as_user nobody)" "$MPTCP" '... and those of others stay'
is "$(bpftool -j map dump name uids | jq length)" 2 '... which are all that is left'
force_stop

# All places.
coproc TAKEN { "$TAKE_PLACES" $((PLACES + 10)); }
TAKEN_IN=${TAKEN[1]} taken=nothing
FORCE_PIDS+=("$TAKEN_PID")
read -r -t 300 taken <&"${TAKEN[0]}" || true
is "$taken" $((PLACES - 1)) "there are $PLACES places for enforcers"
fails_with 1 "cannot start another enforcer: $PLACES are running on this host, the maximum \(stop one\)" \
	'one more enforcer' "$MPTCP_FORCE" --cgroup "$CGROUPS/other"
is "$(tcp_in other)" "$TCP" '... does not enforce'
fails_with 1 "cannot start another enforcer: $PLACES are running" '... nor does run' \
	"$MPTCP_FORCE" run -- touch "$TMP/started"
not_ok '... which does not start its command' test -e "$TMP/started"
is "$(find "$CGROUPS" -name 'mptcp-force-*')" '' '... and leaves no cgroup'
is "$(tcp_in app)" "$MPTCP" '... while those that run still enforce'
exec {TAKEN_IN}>&-
wait "$TAKEN_PID" || true
is "$("$MPTCP_FORCE" run -q -- "$SOCKET_PROBE" inet stream 0)" "$MPTCP" 'when others have ended, there is a place again'
force_stop "${FORCE_PIDS[0]}"

done_testing
