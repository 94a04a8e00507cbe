#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGKILL before each call of attach and detach that changes something: the old scope is in force, or the new one,
# and the next command repairs what is left.
#
# STRIDE=N kills at the first six calls, the last six, and every Nth between, the default being 8. STRIDE=1 kills at
# each, which takes a quarter of an hour.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/attach_lib.sh"

mkdir -p "$CGROUPS/old" "$CGROUPS/new" "$CGROUPS/keep"
KILL_AT_SO=$PROJECT/build/tests/kill_at.so
STRIDE=${STRIDE:-8}

# Keeps the attachment until the end, so that the programs are loaded once.
attach_ok keep --cgroup "$CGROUPS/keep"

# killed_at N ARGUMENT...: runs it, and kills it before its Nth change; success if it was killed.
killed_at() {
	local at=$1 status=0
	shift
	# Without bash's message about a killed process.
	{
		(LD_PRELOAD=$KILL_AT_SO KILL_AT=$at KILL_COUNT=$TMP/count exec "$MPTCP_FORCE" "$@" -q 2>"$TMP/killed") ||
			status=$?
	} 2>/dev/null
	[ "$status" -eq 137 ]
}

# in_force: which of the cgroups are, such as 'old'.
in_force() {
	local cgroup list=
	for cgroup in old new; do
		[ "$(tcp_in "$cgroup")" = "$TCP" ] || list+="$cgroup "
	done
	echo "${list% }"
}

# status_agrees: whether the exit status of status is 0 if, and only if, something is in force.
status_agrees() {
	run_force status web
	if [ "$1" ]; then [ "$STATUS" -eq 0 ]; else [ "$STATUS" -eq 1 ]; fi
}

first=0

# steps_of TOTAL: those at which to kill; others between for each command.
steps_of() {
	local at
	for ((at = 1; at <= $1; at++)); do
		if ((at <= 6 || at > $1 - 6 || at % STRIDE == first % STRIDE)); then echo "$at"; fi
	done
}

# each_step NAME BEFORE AFTER PREPARE REPAIR ARGUMENT...: kills the command at these steps in turn. What is in force
# is then BEFORE, from some step on AFTER, and never anything else.
each_step() {
	local name=$1 before=$2 after=$3 prepare=$4 repair=$5 at now total changed='' kills=0 wrong='' disagree='' unrepaired=''
	shift 5
	first=$((first + 3))
	eval "$prepare"
	killed_at 1000000 "$@"
	total=$(cat "$TMP/count")
	for at in $(steps_of "$total"); do
		eval "$prepare"
		killed_at "$at" "$@" || continue
		kills=$((kills + 1))
		now=$(in_force)
		if [ "$now" = "$after" ]; then
			changed=${changed:-$at}
		elif [ "$now" != "$before" ] || [ "$changed" ]; then
			wrong+="$at: '$now' "
		fi
		status_agrees "$now" || disagree+="$at: $STATUS $ERR "
		eval "$repair" || unrepaired+="$at: $(cat "$TMP/repair") "
	done
	eval "$prepare"
	killed_at 1000000 "$@"
	diag "$name: $total steps, $kills kills, changed from step $changed on"
	ok "$name: it was killed at many steps" test "$kills" -ge 8
	ok '... some of them before, some after the change' test "${changed:-0}" -gt 1
	is "$wrong" '' '... and either the old or the new scope was in force'
	is "$disagree" '' '... and status agreed'
	is "$unrepaired" '' '... and the next command repaired it'
	is "$(in_force)" "$after" '... without a signal, it succeeds'
}

# clean N: that many scopes are pinned as web.
# shellcheck disable=SC2317 # called by those below
clean() {
	[ "$(find "$PINS/web" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)" = "$1" ]
}
# shellcheck disable=SC2317 # in the strings below
gone() {
	"$MPTCP_FORCE" detach -q web 2>"$TMP/repair" || grep -q 'is not attached' "$TMP/repair" || return 1
	[ "$(in_force)" = '' ] && clean 0 && ! "$MPTCP_FORCE" status -q web >/dev/null 2>&1
}
# shellcheck disable=SC2317
attached_old() {
	"$MPTCP_FORCE" attach -q web --cgroup "$CGROUPS/old" 2>"$TMP/repair"
	[ "$(in_force)" = old ] && clean 1 && "$MPTCP_FORCE" status -q web >/dev/null 2>"$TMP/repair"
}

each_step 'attach' '' old gone gone attach web --cgroup "$CGROUPS/old"
each_step 'attach, repaired by attach' '' old gone attached_old attach web --cgroup "$CGROUPS/old"
each_step 'a change of the scope' old new attached_old attached_old attach web --cgroup "$CGROUPS/new"
each_step 'a change, repaired by detach' old new attached_old gone attach web --cgroup "$CGROUPS/new"
each_step 'detach' old '' attached_old gone detach web

is "$(tcp_in keep)" "$MPTCP" 'the other scope was in force all the time'
"$MPTCP_FORCE" detach -q --all
ok 'nothing stays attached' wait_for 30 nothing_attached
rmdir "$CGROUPS/old" "$CGROUPS/new" "$CGROUPS/keep"
done_testing
