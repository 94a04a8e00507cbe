#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# From the start to every way to end: what is reported, what continues, what is left behind.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/app" "$CGROUPS/other"

# talk CGROUP: a connection in the cgroup, to be asked with 'say'; the coprocess is TALK.
talk() {
	coproc TALK { in_cgroup "$1" /usr/bin/python3 "$PROJECT/tests/tools/connection.py"; }
}

# say WORD: what comes back over the connection.
say() {
	echo "$1" >&"${TALK[1]}"
	read -r -t 60 answer <&"${TALK[0]}"
}

hang_up() {
	eval "exec ${TALK[1]}>&-"
	wait "$TALK_PID"
}

# Start and end.
timeout 60 python3 - "$TMP/notify" >"$TMP/notified" <<-'END' &
	import socket, sys
	receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	receiver.bind(sys.argv[1])
	print(receiver.recv(100).decode())
END
wait_for 30 test -S "$TMP/notify"
in_cgroup app sleep 1000 2>/dev/null & # without bash's remark on its end
wait_for 30 grep -q . "$CGROUPS/app/cgroup.procs"
NOTIFY_SOCKET=$TMP/notify force_start first --cgroup "$CGROUPS/app"
ok 'the service manager is notified' wait_for 30 grep -qx READY=1 "$TMP/notified"
is "$(grep -c ^enforcing "$TMP/first.err")" 1 'one line reports that it enforces'
like "$(cat "$TMP/first.err")" 'already running in scope: 1 task in 1 process;' \
	'running tasks in scope are counted, and no others'
is "$(awk '/^(CapPrm|CapEff|CapInh|CapAmb|CapBnd)/ && $2 !~ /^0+$/' "/proc/$FORCE_PID/status")" '' \
	'it keeps no capabilities'
ok '... and cannot gain any' grep -q 'NoNewPrivs:.1' "/proc/$FORCE_PID/status"
tcp_in app >/dev/null
force_stop "$FORCE_PID" INT
is "$FORCE_STATUS" 0 'SIGINT ends it with status 0'
like "$(tail -n 1 "$TMP/first.err")" '^upgraded: 1, ' 'the last line is the summary'
end_all app
force_start second --cgroup "$CGROUPS/app"
unlike "$(cat "$TMP/second.err")" 'already running' 'running tasks are not mentioned if there are none'
force_stop "$FORCE_PID" TERM
is "$FORCE_STATUS" 0 'SIGTERM does, too'

# Killed.
force_start killed --cgroup "$CGROUPS/app"
talk app
say before
is "$answer" 'mptcp before' 'a connection in scope is MPTCP'
force_stop "$FORCE_PID" KILL
is "$(tcp_in app)" "$TCP" 'killed: new sockets are TCP immediately'
say after
is "$answer" 'mptcp after' '... and the connection continues'
hang_up
talk app
say new
is "$answer" 'tcp new' '... while a new one is TCP'
hang_up

# Several enforcers.
force_start one --cgroup "$CGROUPS/app"
ONE=$FORCE_PID
force_start two --cgroup "$CGROUPS/app"
TWO=$FORCE_PID
force_start three --cgroup "$CGROUPS/other"
THREE=$FORCE_PID
is "$(tcp_in app)" "$MPTCP" 'two enforcers of the same cgroup: MPTCP'
is "$(tcp_in other)" "$MPTCP" 'an enforcer of another cgroup: MPTCP'
force_stop "$ONE"
is "$(tcp_in app)" "$MPTCP" 'when the first ends, the second continues'
force_stop "$TWO"
is "$(tcp_in app)" "$TCP" 'when both have ended, sockets are TCP'
is "$(tcp_in other)" "$MPTCP" '... and the third is not affected'
force_stop "$THREE"
is "$(cat "$TMP/one.err" "$TMP/two.err" | sed -n 's/^upgraded: \([0-9]*\),.*/\1/p' | paste -sd+ | bc)" \
	2 'each socket is counted once'
like "$(cat "$TMP/three.err")" '^upgraded: 2,|'$'\n''upgraded: 2,' '... and by the enforcer in charge'

# The cgroup goes away.
mkdir "$CGROUPS/app/service"
force_start removed --cgroup "$CGROUPS/app/service"
rmdir "$CGROUPS/app/service"
ok 'the removal of the cgroup is reported' wait_for 30 \
	grep -q "cgroup '/app/service' was removed" "$TMP/removed.err"
is "$(tcp_in app)" "$TCP" '... its parent is not in scope'
ok '... enforcement goes on' kill -0 "$FORCE_PID"
mkdir -p "$CGROUPS/app/service/worker" "$CGROUPS/other/service" "$CGROUPS/app/service2"
ok 're-created, it is reported' wait_for 30 \
	grep -q "cgroup '/app/service' was re-created" "$TMP/removed.err"
is "$(tcp_in app/service)" "$MPTCP" '... and in scope again'
is "$(tcp_in app/service/worker)" "$MPTCP" '... with its descendants'
is "$(tcp_in other/service)" "$TCP" 'not a cgroup of the same name elsewhere'
is "$(tcp_in app/service2)" "$TCP" '... nor one with the same prefix'
force_stop
is "$FORCE_STATUS" 0 'it ends as usual'
rmdir "$CGROUPS"/app/{service/worker,service,service2} "$CGROUPS/other/service"

# The cgroup is re-created while it starts: when it has found the cgroup, and waits until no other enforcer attaches.
# shellcheck disable=SC2317 # called by wait_for
waits_for_lock() {
	[ -n "$(find "/proc/$FORCE_PID/fd" -lname /run/mptcp-force.lock)" ]
}
# start_slowly NAME: enforces app/slow, and stops there; the lock is our descriptor 7.
start_slowly() {
	exec 7>>/run/mptcp-force.lock
	flock 7
	mkdir "$CGROUPS/app/slow"
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app/slow" 2>"$TMP/$1.err" 7>&- &
	FORCE_PID=$!
	FORCE_PIDS+=("$FORCE_PID")
	ok 'an enforcer that is starting' wait_for 60 waits_for_lock
}
start_slowly recreated
rmdir "$CGROUPS/app/slow"
mkdir "$CGROUPS/app/slow"
exec 7>&-
wait_for 60 grep -q ^enforcing "$TMP/recreated.err"
is "$(tcp_in app/slow)" "$MPTCP" '... enforces the cgroup that took the place of the one it was given'
is "$(tcp_in app)" "$TCP" '... and no other'
force_stop
rmdir "$CGROUPS/app/slow"
start_slowly gone
rmdir "$CGROUPS/app/slow"
exec 7>&-
wait_for 60 grep -q ^enforcing "$TMP/gone.err"
mkdir "$CGROUPS/app/slow"
is "$(tcp_in app/slow)" "$MPTCP" '... or, if there is none yet, the one that is created later'
force_stop
rmdir "$CGROUPS/app/slow"

# Unread messages.
# force_start_into_pipe PATH: enforces its own cgroup, and has reported it over the pipe.
force_start_into_pipe() {
	make_pipe "$1"
	mkdir -p "$CGROUPS/app/unread"
	"$MPTCP_FORCE" --cgroup "$CGROUPS/app/unread" 2>"$1" 8<&- &
	FORCE_PID=$!
	FORCE_PIDS+=("$FORCE_PID")
	read -r -t 60 _ <&8
}
# shellcheck disable=SC2317 # called by wait_for
is_gone() {
	! kill -0 "$1" 2>/dev/null
}
force_start_into_pipe "$TMP/full"
fill_pipe "$TMP/full"
rmdir "$CGROUPS/app/unread"
kill -TERM "$FORCE_PID"
ok 'SIGTERM ends it while standard error is a full pipe' wait_for 60 is_gone "$FORCE_PID"
force_stop "$FORCE_PID" KILL 2>/dev/null
is "$FORCE_STATUS" 0 '... with status 0'
exec 8<&-
force_start_into_pipe "$TMP/closed"
exec 8<&-
rmdir "$CGROUPS/app/unread"
force_stop "$FORCE_PID" TERM 2>/dev/null
is "$FORCE_STATUS" 0 'it continues although nobody reads its messages'

# A service with the privileges of its unit, whose user also runs another process.
take_descriptor() {
	setpriv --reuid nobody --clear-groups /usr/bin/python3 "$TMP/take_descriptor.py" "$1"
}
chmod 755 "$TMP"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"
cp "$PROJECT/tests/tools/take_descriptor.py" "$TMP/" # the checkout may be below a private directory
cat >"$TMP/as_service" <<-END
	#!/bin/sh
	exec setpriv --reuid nobody --clear-groups --inh-caps +bpf,+perfmon,+syslog \\
		--ambient-caps +bpf,+perfmon,+syslog '$TMP/mptcp-force' "\$@"
END
chmod +x "$TMP/as_service"
MPTCP_FORCE=$TMP/as_service force_start service --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'a service that is not root enforces'
is "$(take_descriptor "$FORCE_PID")" 'Operation not permitted' \
	'... and no other process of its user can take its descriptors'
force_stop
setpriv --reuid nobody --clear-groups sleep 1000 &
SLEEP_PID=$!
FORCE_PIDS+=("$SLEEP_PID")
wait_for 30 grep -qx sleep "/proc/$SLEEP_PID/comm"
is "$(take_descriptor "$SLEEP_PID")" taken '... although it can take those of another process'
force_stop "$SLEEP_PID" KILL

done_testing
