#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# 'run': the command is enforced from its first socket on, and otherwise runs as if started directly.

. "$(dirname "$0")/lib.sh"

mkdir -p "$CGROUPS/caller"
left_behind() {
	find "$CGROUPS" -name 'mptcp-force-*' -type d
}
# shellcheck disable=SC2317 # called by wait_for
none_left() {
	[ -z "$(left_behind)" ]
}
run() {
	in_cgroup caller "$MPTCP_FORCE" run "$@"
}
status_of() {
	local status=0
	"$@" >/dev/null 2>&1 || status=$?
	echo "$status"
}

# What the command sees.
is "$(run -q -- "$SOCKET_PROBE" inet stream 0)" "$MPTCP" 'the command gets MPTCP'
is "$(run -q -- sh -c "$SOCKET_PROBE inet stream 0; exit")" "$MPTCP" '... its children too'
is "$(tcp_in caller)" "$TCP" 'its caller does not'
is "$(run -q "$SOCKET_PROBE" inet stream 0)" "$MPTCP" 'the -- is optional'
is "$(run -q -- printf '%s|' -a --all 'two words' '')" '-a|--all|two words||' \
	'arguments are passed unchanged'
like "$(run -q -- cat /proc/self/cgroup)" '^0::/caller/mptcp-force-run-[0-9]+$' \
	"it runs in its own cgroup below the caller's"
is "$(echo input | run -q -- cat)" input 'standard input is passed on'
is "$(run -q -- grep -E '^(NoNewPrivs|SigBlk|SigIgn|CapEff)' /proc/self/status)" \
	"$(in_cgroup caller grep -E '^(NoNewPrivs|SigBlk|SigIgn|CapEff)' /proc/self/status)" \
	'privileges and signal masks are unchanged'
is "$(run -- true 2>&1 | sed 's/:* .*//' | paste -sd' ')" 'enforcing upgraded' \
	'its messages are the start and the summary'
is "$(run -q -- true 2>&1)" '' '... nothing with -q'

hold_attachment

# Exit status.
is "$(status_of run -- true)" 0 'exit status 0 is passed on'
is "$(status_of run -- sh -c 'exit 7')" 7 '... and 7'
is "$(status_of run -- sh -c 'kill -TERM $$')" 143 '128+15 for SIGTERM'
is "$(status_of run -- sh -c 'kill -KILL $$')" 137 '128+9 for SIGKILL'
fails_with_in_caller() {
	local wanted=$1 regex=$2 name=$3 status=0 output
	shift 3
	output=$(run "$@" 2>&1 >/dev/null) || status=$?
	is "$status" "$wanted" "$name: exit status"
	like "$output" "$regex" "$name: message"
}
fails_with_in_caller 127 "cannot run 'no-such-command': No such file" 'a command that is not there' \
	-- no-such-command
fails_with_in_caller 126 "cannot run '/etc/passwd': Permission denied" 'one that cannot be executed' \
	-- /etc/passwd
fails_with_in_caller 2 'no COMMAND given' 'no command' --
fails_with_in_caller 2 "unrecognized option '--cgroup" 'a scope for run' --cgroup "$CGROUPS/caller" true
is "$(left_behind)" '' 'no cgroup is left behind'

# Signals.
cat >"$TMP/count" <<'END'
int=0 usr1=0 term=0
trap 'int=$((int + 1))' INT
trap 'usr1=$((usr1 + 1))' USR1
trap 'term=1' TERM
echo ready
while [ $term = 0 ]; do read -r -t 0.1 _ <>"$1"; done
echo "int $int usr1 $usr1 term $term"
exit 5
END
mkfifo "$TMP/never"
# start ARG...: 'run' in the background; RUN is its own process id, not that of a shell around it.
start() {
	(
		echo "$BASHPID" >"$CGROUPS/caller/cgroup.procs"
		exec "$MPTCP_FORCE" run "$@"
	) &
	RUN=$!
	FORCE_PIDS+=("$RUN")
}
start -q -- bash "$TMP/count" "$TMP/never" >"$TMP/signals"
wait_for 60 grep -q ready "$TMP/signals"
kill -USR1 "$RUN"
kill -INT "$RUN"
kill -TERM "$RUN"
status=0
wait "$RUN" || status=$?
is "$(tail -n 1 "$TMP/signals")" 'int 1 usr1 1 term 1' 'signals are passed on, each once'
is "$status" 5 '... and the command decides what they mean'

# A terminal sends Ctrl-C to the whole foreground process group, so it must not be delivered twice.
status=0
in_cgroup caller timeout 60 /usr/bin/python3 "$PROJECT/tests/tools/interrupt_in_terminal.py" \
	"$MPTCP_FORCE" run -q -- bash "$TMP/count" "$TMP/never" >"$TMP/terminal" || status=$?
like "$(cat "$TMP/terminal")" 'int 1 usr1 0 term 1' 'Ctrl-C in a terminal reaches the command once'
is "$status" 5 '... which decides the exit status'

# When a terminal hangs up, only the session leader gets a signal.
is "$(in_cgroup caller timeout 60 /usr/bin/python3 "$PROJECT/tests/tools/hang_up_terminal.py" \
	"$MPTCP_FORCE" run -q -- bash -c 'echo ready; exec sleep 1000')" 129 \
	'a terminal that hangs up ends the command'
is "$(left_behind)" '' '... and leaves no cgroup'

# shellcheck disable=SC2317 # called by wait_for
is_made() {
	[ -n "$(left_behind)" ]
}
# An early signal: the cgroup exists, but the command has probably not started.
for _ in 1 2 3; do
	start -q -- sleep 1000
	wait_for 60 is_made
	kill -TERM "$RUN"
	status=0
	wait "$RUN" || status=$?
	is "$status $(left_behind)" '143 ' 'an early signal ends it, and leaves no cgroup'
done

# A caller that ignores SIGCHLD, as some daemons do: the kernel would reap the command itself.
ignoring() {
	in_cgroup caller timeout -k 1 60 env --ignore-signal=CHLD "$@"
}
is "$(status_of ignoring "$MPTCP_FORCE" run -q -- sh -c 'exit 7')" 7 \
	'a caller that ignores SIGCHLD gets the exit status'
is "$(ignoring "$MPTCP_FORCE" run -q -- grep ^SigIgn /proc/self/status)" \
	"$(ignoring grep ^SigIgn /proc/self/status)" '... and the command inherits that'

# Unread messages.
make_pipe "$TMP/full"
fill_pipe "$TMP/full"
status=0
in_cgroup caller timeout -k 1 60 "$MPTCP_FORCE" run -- sh -c 'exit 7' 2>"$TMP/full" || status=$?
is "$status" 7 'the command runs although standard error is a full pipe'
exec 8<&-
make_pipe "$TMP/closed"
status=0
{
	exec 8<&-
	run -- sh -c 'exit 7' || status=$?
} 2>"$TMP/closed"
is "$status" 7 '... or a pipe without a reader'
is "$(left_behind)" '' '... and its cgroup is removed'

# Two PID namespaces in one cgroup: both have process id 1.
for name in one two; do
	in_cgroup caller unshare -p -f "$MPTCP_FORCE" run -q -- sh -c "
		'$SOCKET_PROBE' inet stream 0; until [ -e '$TMP/go' ]; do sleep 0.1; done" >"$TMP/$name" 2>&1 &
	FORCE_PIDS+=("$!")
done
ok 'a process with the same process id runs in the same cgroup' wait_for 60 grep -qx "$MPTCP" "$TMP/one"
ok '... and so does a second one' wait_for 60 grep -qx "$MPTCP" "$TMP/two"
is "$(left_behind | sed 's,.*/,,' | sort | paste -sd' ')" 'mptcp-force-run-1 mptcp-force-run-1-2' \
	'... each in its own cgroup'
touch "$TMP/go"
ok '... which are gone at the end' wait_for 60 none_left

# A threaded cgroup, below which no process can be started.
mkdir -p "$CGROUPS/domain/threaded"
echo threaded >"$CGROUPS/domain/threaded/cgroup.type"
status=0
output=$(in_cgroup domain sh -c "echo \$\$ >'$CGROUPS/domain/threaded/cgroup.procs'
	exec '$MPTCP_FORCE' run -- true" 2>&1) || status=$?
is "$status" 1 'in a threaded cgroup it fails'
like "$output" "cannot create a cgroup .*'$CGROUPS/domain/threaded': it is a threaded cgroup, .*systemd-run --scope" \
	'... and says why, and what to do instead'
unlike "$output" 'enforcing' '... before anything is enforced'
is "$(left_behind)" '' '... and leaves no cgroup'

# Processes of the same user can trace the command, but not 'run'.
chown -R nobody "$CGROUPS/caller"
chmod 755 "$TMP"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"
cp "$PROJECT/tests/tools/take_descriptor.py" "$TMP/" # the checkout may be below a private directory
as_nobody() {
	setpriv --reuid nobody --clear-groups "$@"
}
(
	echo "$BASHPID" >"$CGROUPS/caller/cgroup.procs"
	exec setpriv --reuid nobody --clear-groups --inh-caps +bpf,+perfmon,+syslog \
		--ambient-caps +bpf,+perfmon,+syslog "$TMP/mptcp-force" run -q -- \
		setpriv --inh-caps -all --ambient-caps -all sleep 1000
) &
RUN=$!
FORCE_PIDS+=("$RUN")
ok 'a caller that is not root runs a command' wait_for 60 pgrep -x -P "$RUN" sleep
is "$(as_nobody /usr/bin/python3 "$TMP/take_descriptor.py" "$(pgrep -x -P "$RUN" sleep)")" taken \
	'... which other processes of its user can trace'
is "$(as_nobody /usr/bin/python3 "$TMP/take_descriptor.py" "$RUN")" 'Operation not permitted' \
	"... but not 'run' itself"
kill -TERM "$RUN"
wait "$RUN" || true
is "$(left_behind)" '' '... and its cgroup is gone at the end'
chown -R root "$CGROUPS/caller"

# In a cgroup namespace, no path leads from the root of the hierarchy. 'run' does not need one.
output=$(in_cgroup caller unshare -C "$MPTCP_FORCE" run -- "$SOCKET_PROBE" inet stream 0 2>&1) || true
like "$output" "(^|"$'\n'")$MPTCP("$'\n'"|\$)" 'in a cgroup namespace the command gets MPTCP'
unlike "$output" 'warning|cannot' '... without a warning'

# What the command leaves behind.
run -- sh -c "sleep 1000 & echo \$! >$TMP/child; mkdir $CGROUPS/\$(cut -d: -f3 /proc/self/cgroup)/inner" \
	2>"$TMP/left"
child=$(cat "$TMP/child")
ok 'a child that the command left keeps running' kill -0 "$child"
like "$(cat "$TMP/left")" 'left 1 process running; sockets that they create from now on are TCP' '... which is reported'
is "$(cat "/proc/$child/cgroup")" 0::/caller "... in the caller's cgroup"
is "$(left_behind)" '' '... and the cgroup is gone, with its child cgroup'
kill "$child"

# 'run' itself is killed.
start -- sleep 1000 2>"$TMP/killed"
wait_for 60 grep -q ^enforcing "$TMP/killed"
wait_for 30 pgrep -x -P "$RUN" sleep
sleeper=$(pgrep -x -P "$RUN" sleep)
kill -KILL "$RUN"
wait "$RUN" 2>/dev/null
ok 'when run is killed, the command keeps running' kill -0 "$sleeper"
like "$(left_behind)" '/caller/mptcp-force-run-' '... in its cgroup'
run -q -- true
like "$(left_behind)" '/caller/mptcp-force-run-' '... which the next run does not touch'
kill "$sleeper"
wait_for 30 grep -qx 'populated 0' "$CGROUPS"/caller/mptcp-force-run-*/cgroup.events
run -q -- true
is "$(left_behind)" '' 'once the command has ended, the next run removes it'

done_testing
