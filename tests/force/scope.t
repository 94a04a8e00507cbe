#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Whose sockets become MPTCP: cgroups and their descendants, comms, uids, everything, and the exceptions.

. "$(dirname "$0")/lib.sh"

deep=app/2/3/4/5/6/7/8/9/10/11/12
mkdir -p "$CGROUPS/app/inner" "$CGROUPS/application" "$CGROUPS/other" "$CGROUPS/$deep"

is "$(tcp_in app)" "$TCP" 'without enforcement a socket is TCP'

force_start cgroup --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'a task in the cgroup gets MPTCP'
is "$(tcp_in app/inner)" "$MPTCP" '... and one in a child cgroup'
is "$(tcp_in $deep)" "$MPTCP" '... and one eleven levels below it'
is "$(tcp_in other)" "$TCP" 'another cgroup stays on TCP'
is "$(tcp_in application)" "$TCP" '... and so does one with the same prefix'
is "$(tcp_in .)" "$TCP" '... and the root'

mkdir -p "$CGROUPS/app/later/still" "$CGROUPS/other/later"
is "$(tcp_in app/later/still)" "$MPTCP" 'a cgroup created later is in scope'
is "$(tcp_in other/later)" "$TCP" '... unless it is below another'

coproc PROBE { in_cgroup other "$SOCKET_PROBE"; }
ask() {
	echo 'inet stream 0' >&"${PROBE[1]}"
	read -r -t 30 answer <&"${PROBE[0]}"
}
ask
is "$answer" "$TCP" 'a running task outside gets TCP'
move_all other app
ask
is "$answer" "$MPTCP" '... MPTCP once it is moved into the cgroup'
move_all app other
ask
is "$answer" "$TCP" '... and TCP again once it is moved out'
eval "exec ${PROBE[1]}>&-" # its end of input
wait_for 30 grep -qx 'populated 0' "$CGROUPS/other/cgroup.events"
force_stop
is "$(tcp_in app)" "$TCP" 'after enforcement has ended, a socket is TCP'

hold_attachment
mkdir -p "$CGROUPS/app/not/either" "$CGROUPS/app/not2"
force_start exclude --cgroup "$CGROUPS/app" --cgroup "$CGROUPS/other" \
	--exclude-cgroup "$CGROUPS/app/not"
is "$(tcp_in app)" "$MPTCP" 'the rest of a cgroup with an exception gets MPTCP'
is "$(tcp_in app/not)" "$TCP" '... the exception stays on TCP'
is "$(tcp_in app/not/either)" "$TCP" '... with its descendants'
is "$(tcp_in app/not2)" "$MPTCP" '... but not a cgroup with a similar name'
is "$(tcp_in other)" "$MPTCP" 'a second cgroup is in scope, too'
force_stop
like "$(cat "$TMP/exclude.err")" 'upgraded: 3, left as TCP: 2 .*excluded: 2' \
	'the summary counts what was upgraded and what was excluded'

cp "$SOCKET_PROBE" "$TMP/fifteen-letters"
force_start comm --comm fifteen-letters --comm nobody-has-this
is "$("$TMP/fifteen-letters" inet stream 0)" "$MPTCP" 'a task with the comm gets MPTCP'
is "$("$SOCKET_PROBE" inet stream 0)" "$TCP" '... one with another comm stays on TCP'
cp "$SOCKET_PROBE" "$TMP/fifteen-letter"
is "$("$TMP/fifteen-letter" inet stream 0)" "$TCP" '... a comm is not a prefix'
force_stop

force_start uid --uid nobody
as_user() {
	setpriv --reuid "$1" --clear-groups "$SOCKET_PROBE" inet stream 0
}
is "$(as_user nobody)" "$MPTCP" 'a task of the user gets MPTCP'
is "$(as_user daemon)" "$TCP" '... one of another user stays on TCP'
is "$("$SOCKET_PROBE" inet stream 0)" "$TCP" '... root too'
force_stop

force_start union --cgroup "$CGROUPS/app" --uid nobody --exclude-comm fifteen-letters
is "$(tcp_in app)" "$MPTCP" 'rules of several kinds add up: the cgroup is in scope'
is "$(as_user nobody)" "$MPTCP" '... and so is the user'
is "$(in_cgroup app "$TMP/fifteen-letters" inet stream 0)" "$TCP" '... but not a task excluded by comm'
is "$(in_cgroup other "$TMP/fifteen-letters" inet stream 0)" "$TCP" '... nor one that no rule includes'
force_stop
like "$(cat "$TMP/union.err")" 'excluded: 1,' 'only those in scope are counted as excluded'

# What a process is now counts, not what it was at its last socket.
change() {
	in_cgroup "$1" python3 -IS "$PROJECT/tests/force/changing.py" "${@:2}"
}
force_start changing --comm changing --uid nobody --exclude-comm excluded
is "$(change other socket comm:changing socket socket comm:another socket comm:changing socket |
	xargs)" "$TCP $MPTCP $MPTCP $TCP $MPTCP" 'a process that changes its name enters the scope and leaves it'
is "$(change other comm:changing socket comm:excluded socket comm:changing socket | xargs)" \
	"$MPTCP $TCP $MPTCP" '... an exclusion, too'
is "$(change other "uid:$(id -u nobody)" socket socket uid:0 socket "uid:$(id -u nobody)" socket | xargs)" \
	"$MPTCP $MPTCP $TCP $MPTCP" '... as does one that changes its user'
is "$(change other thread:changing socket thread:another comm:changing thread:another comm:another thread:another |
	xargs)" "$MPTCP $TCP $TCP $MPTCP $TCP" '... and a thread, by its own name or that of its process'
change other comm:changing socket "made:$TMP/has-one" "wait:$TMP/ended" socket "made:$TMP/has-two" \
	"wait:$TMP/again" socket >"$TMP/lasting" &
FORCE_PIDS+=("$!")
lasting=$!
wait_for 60 test -e "$TMP/has-one"
force_stop
touch "$TMP/ended"
wait_for 60 test -e "$TMP/has-two"
force_start again --comm changing --to tcp
force_start later --comm changing
touch "$TMP/again"
wait "$lasting"
is "$(xargs <"$TMP/lasting")" "$MPTCP $TCP $MPTCP" '... and a running process is judged by the current enforcers'
force_stop
force_stop "${FORCE_PIDS[-2]}"

force_start all --all --exclude-comm fifteen-letters
is "$("$SOCKET_PROBE" inet stream 0)" "$MPTCP" '--all: every task gets MPTCP'
is "$(tcp_in other)" "$MPTCP" '... in any cgroup'
is "$("$TMP/fifteen-letters" inet stream 0)" "$TCP" '... except the exceptions'
force_stop

done_testing
