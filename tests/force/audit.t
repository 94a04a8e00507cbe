#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The audit: what programs in scope do that MPTCP would change, with a verdict on each; nothing is changed.

. "$(dirname "$0")/lib.sh"

ACTIONS=$PROJECT/tests/force/audit_actions.py
PYTHON=$(readlink -f "$(command -v python3)")
mkdir -p "$CGROUPS/app" "$CGROUPS/neighbor"

# audit_start OPTION...: audits in the background until audit_stop.
audit_start() {
	rm -f "$TMP/audit.out" "$TMP/audit.err"
	"$MPTCP_FORCE" audit "$@" >"$TMP/audit.out" 2>"$TMP/audit.err" &
	AUDIT_PID=$!
	FORCE_PIDS+=("$AUDIT_PID")
	wait_for 120 grep -q ^auditing "$TMP/audit.err" || diag "no audit: $(cat "$TMP/audit.err")"
}

# audit_stop [SIGNAL]: ends it; its exit status is in AUDIT_STATUS.
audit_stop() {
	AUDIT_STATUS=0
	kill "-${1:-INT}" "$AUDIT_PID"
	wait "$AUDIT_PID" || AUDIT_STATUS=$?
}

# program NAME: a copy of the actions whose processes have this name, since the kernel starts the interpreter itself.
program() {
	{ echo "#!$PYTHON" && tail -n +2 "$ACTIONS"; } >"$TMP/$1"
	chmod 755 "$TMP/$1"
}

# act NAME CGROUP ACTION...: a program of that name does it there.
act() {
	local name=$1 cgroup=$2
	shift 2
	program "$name"
	is "$(in_cgroup "$cgroup" "$TMP/$name" "$@" 2>"$TMP/$name.err")" 'done' "$name: it works on TCP"
	[ ! -s "$TMP/$name.err" ] || diag "$name: $(cat "$TMP/$name.err")"
}

# found NAME FILTER: what jq finds in the report of the program.
found() {
	jq -r --arg name "$1" ".programs[] | select(.comm == \$name) | $2" "$TMP/audit.out"
}

# finding NAME: its verdict, and all that it does: name and, of an option, how often it was set and read.
finding() {
	found "$1" '[.verdict, (.findings[] | if .kind == "option" then "\(.name)=\(.set),\(.read)" else "\(.name)=\(.count)" end)] | join(" ")'
}

# Programs that each do one thing.
make_pipe "$TMP/hold"
in_cgroup app python3 "$ACTIONS" hold <"$TMP/hold" 8>&- >"$TMP/holding" &
FORCE_PIDS+=("$!")
wait_for 60 grep -q holding "$TMP/holding"
audit_start --cgroup "$CGROUPS/app" --json
is "$(cat "$TMP/audit.err")" "auditing cgroup '$CGROUPS/app'" 'one line reports that the audit has started'
is "$(grep ^CapPrm "/proc/$AUDIT_PID/status" | tr -d '[:space:]')" CapPrm:0000000000000000 'it has given up its privileges'
is "$(tcp_in app)" "$TCP" 'sockets in scope stay TCP'
act plain app plain
act udp app udp
act applied app options 6/18/1000 6/7/3 6/18/2000
act remembered app options 6/12/0
act connected app connected 1/2/1
act unconnected app options 1/2/1
act read app read 6/18 1/10
act refused app options 1/5/1
act failing app refused 6/7/0
act ttl app options 0/2/64
act gtsm app options 0/2/255
act oob-sent app send_oob
act oob-received app receive_oob
act zerocopy app zerocopy
act zerocopy-flag app zerocopy_flag
act ktls app ktls
act sockmap app sockmap
act outside neighbor send_oob
is "$(in_cgroup app "$SOCKET_PROBE" uring inet stream 0)" "$TCP" 'a socket of io_uring'
is "$(in_cgroup app "$SOCKET_PROBE" inet stream 262)" "$MPTCP" 'a socket that asks for MPTCP'
program inherited
# shellcheck disable=SC2016 # for the inner shell
is "$(python3 "$ACTIONS" activate sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$CGROUPS/app" "$TMP/inherited" accept)" \
	'done' 'a listener that was inherited'
# Their sockets stay TCP when they are forced: no option matters.
mkdir -p "$CGROUPS/app/marked"
attach mark 7 app/marked
act marked app/marked options 6/18/1000 1/5/1
detach
program landlocked
is "$(in_cgroup app "$PROJECT/build/tests/landlock" connect "$TMP/landlocked" options 6/18/1000 1/5/1)" 'done' \
	'a task whose domain restricts TCP'
program files-only
is "$(in_cgroup app "$PROJECT/build/tests/landlock" make_sock "$TMP/files-only" options 1/5/1)" 'done' \
	'... and one whose domain is about files'
compat=$(in_cgroup app "$PROJECT/build/tests/option_32bit") || compat=none # not on this machine
audit_stop
is "$AUDIT_STATUS" 0 'Ctrl-C ends it'

is "$(jq -r 'keys_unsorted | join(" ")' "$TMP/audit.out")" 'kernel scope duration_ns programs summary not_recorded' \
	'the report is one JSON object'
is "$(jq -r '.kernel, .scope' "$TMP/audit.out" | paste -sd' ')" "$(uname -r) cgroup '$CGROUPS/app'" '... of this kernel and this scope'
is "$(jq -r '[.programs[] | keys_unsorted | join(" ")] | unique | .[]' "$TMP/audit.out")" \
	'exe comm cgroup uid processes tcp_sockets verdict findings' '... with these keys for each program'
is "$(jq -r '[.programs[].findings[] | keys_unsorted | join(" ")] | unique | .[]' "$TMP/audit.out")" \
	"$(printf '%s\n' 'name kind count verdict reason' 'name kind level optname class set read verdict reason')" \
	'... and for each thing that it does'
is "$(jq '.summary | .programs == .safe + .safe_with_bridge + .keep_on_tcp' "$TMP/audit.out")" true '... and a summary'
is "$(jq -c .not_recorded "$TMP/audit.out" | sed 's/"skipped":[0-9]*/"skipped":0/')" \
	'{"user_limit":0,"table_full":0,"skipped":0}' 'nothing is missing'

is "$(found plain '.exe, .cgroup, .uid, .processes, .tcp_sockets' | paste -sd' ')" "$PYTHON /app 0 1 2" \
	'a program: its executable, cgroup, user, processes and sockets'
is "$(finding plain)" safe 'a program that does nothing special is safe'
is "$(finding udp)" '' 'a program without TCP sockets is not reported'
is "$(finding applied)" 'safe_with_bridge TCP_SYNCNT=1,0 TCP_USER_TIMEOUT=2,0' 'options that the bridge applies'
is "$(found applied '.findings[].class' | sort -u)" applied '... and how it treats them'
is "$(finding remembered)" 'safe_with_bridge TCP_QUICKACK=1,0' 'an option that the bridge remembers'
is "$(finding connected)" 'safe_with_bridge SO_REUSEADDR=1,0' 'an option that matters on a connected socket'
is "$(finding unconnected)" safe '... and not earlier'
is "$(finding read)" 'safe_with_bridge TCP_USER_TIMEOUT=0,1' 'an option that is read; of SOL_SOCKET, MPTCP answers all'
is "$(finding refused)" 'keep_on_tcp SO_DONTROUTE=1,0' 'an option that the bridge refuses'
is "$(finding failing)" safe 'an option that TCP refuses, too'
is "$(finding ttl)" 'safe_with_bridge IP_TTL=1,0' 'an ordinary hop limit'
is "$(finding gtsm)" 'keep_on_tcp IP_TTL=1,0' '... and one that is a security measure'
is "$(finding oob-sent)" 'keep_on_tcp oob_sent=1' 'urgent data, sent'
is "$(finding oob-received)" 'keep_on_tcp oob_sent=1 oob_received=1' '... and received'
is "$(finding zerocopy)" 'keep_on_tcp SO_ZEROCOPY=1,0 zerocopy=1' 'sending without a copy'
is "$(finding zerocopy-flag)" safe '... unless the socket lacks SO_ZEROCOPY'
is "$(finding ktls)" 'keep_on_tcp TCP_ULP=1,0 ktls=1' 'TLS in the kernel'
[ "$compat" = none ] ||
	is "$(finding option_32bit)" 'keep_on_tcp TCP_USER_TIMEOUT=1,0 calls_32bit=1' 'an option of a 32-bit program'
like "$(finding sockmap)" '^keep_on_tcp sockmap=[1-9]' 'a socket in a sockmap'
is "$(finding marked)" 'safe SO_DONTROUTE=1,0 TCP_USER_TIMEOUT=1,0 sock_create_sockets=1' \
	"a task in a cgroup with other owners' programs, whatever options it uses"
is "$(finding landlocked)" 'safe SO_DONTROUTE=1,0 TCP_USER_TIMEOUT=1,0 landlock_sockets=1' '... and one restricted by Landlock'
is "$(found landlocked '.findings[].verdict' | sort -u)" safe '... with a verdict on each thing that says so'
is "$(finding files-only)" 'keep_on_tcp SO_DONTROUTE=1,0' '... but not one whose files are restricted'
is "$(finding outside)" '' 'a program out of scope is not reported'
is "$(finding socket_probe)" 'safe mptcp_sockets=1 io_uring_sockets=1' 'sockets of io_uring, and those that are MPTCP already'
is "$(finding inherited)" 'safe inherited_listeners=1' 'a listener that was created out of scope'
is "$(finding python3)" 'safe older_listeners=1 older_sockets=2' 'sockets that are older than the audit'

# As text; --duration; another scope. Two processes of a user, one of which is excluded.
audit_start --uid nobody --exclude-comm excluded
for name in included excluded; do
	program "$name"
	chmod 755 "$TMP"
	setpriv --reuid nobody --clear-groups "$TMP/$name" send_oob >/dev/null
done
act root app send_oob
audit_stop TERM
is "$AUDIT_STATUS" 0 'SIGTERM ends it, too'
is "$(cat "$TMP/audit.out")" "$PYTHON (included), 1 process, cgroup /: keep on TCP
  MSG_OOB sent: 1 call: MPTCP sends urgent data as ordinary data of the stream

1 program used TCP: 0 safe, 0 safe with the bridge, 1 to keep on TCP" 'the report as text, of what the rules include'
start=$SECONDS
is "$(timeout 120 "$MPTCP_FORCE" audit -q --cgroup "$CGROUPS/neighbor" --duration 2s 2>&1)" \
	'0 programs used TCP: 0 safe, 0 safe with the bridge, 0 to keep on TCP' '--duration ends it; nothing used TCP'
ok '... and not before' [ $((SECONDS - start)) -ge 2 ]

# A cgroup that is re-created; the service manager is notified.
python3 -c 'import socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind(sys.argv[1])
print("bound", flush=True)
print(listener.recv(100).decode(), flush=True)' "$TMP/notify" >"$TMP/notified" &
wait_for 30 grep -q bound "$TMP/notified"
NOTIFY_SOCKET=$TMP/notify audit_start --cgroup "$CGROUPS/neighbor" --json
wait_for 30 grep -q READY=1 "$TMP/notified"
is "$(tail -n 1 "$TMP/notified")" READY=1 'the service manager is notified'
rmdir "$CGROUPS/neighbor"
mkdir "$CGROUPS/neighbor"
act recreated neighbor send_oob
audit_stop
is "$(finding recreated)" 'keep_on_tcp oob_sent=1' 'a cgroup that was re-created is still in scope'

# An enforcer at the same time: its sockets are MPTCP, and the audit says so.
force_start force --cgroup "$CGROUPS/app"
audit_start --cgroup "$CGROUPS/app" --json
is "$(tcp_in app)" "$MPTCP" 'the audit does not disturb an enforcer'
audit_stop
force_stop
is "$(finding socket_probe)" 'safe mptcp_sockets=1' '... and reports that the sockets are MPTCP already'

# A program that changes its name to be many cannot hide those of other users.
audit_start --all --json
act many app many_names 600
setpriv --reuid nobody --clear-groups "$TMP/included" send_oob >/dev/null
audit_stop
is "$(jq '[.programs[] | select(.uid == 0)] | length' "$TMP/audit.out")" 512 'a user can have 512 programs'
ok '... what the others do is counted' [ "$(jq .not_recorded.user_limit "$TMP/audit.out")" -ge 88 ]
like "$(cat "$TMP/audit.err")" 'warning: [0-9]+ calls of other programs were not recorded: the limit is 512 programs per user \(narrow the scope\)' \
	'... and reported'
is "$(finding included)" 'keep_on_tcp oob_sent=1' '... and other users are not affected'

# Bad input; the usage errors are in tests/golden/force-errors.txt.
fails_with 2 'no SCOPE given' 'no scope' "$MPTCP_FORCE" audit
fails_with 2 "invalid --duration '-1'" 'a negative duration' "$MPTCP_FORCE" audit --all --duration -1
fails_with 1 "cannot open cgroup '$CGROUPS/none': No such file or directory" 'a cgroup that does not exist' \
	"$MPTCP_FORCE" audit --cgroup "$CGROUPS/none"
cp "$MPTCP_FORCE" "$TMP/mptcp-force"
fails_with 4 'cannot audit: not permitted without .*CAP_BPF' 'a caller who is not root' \
	setpriv --reuid nobody --clear-groups "$TMP/mptcp-force" audit --all
# shellcheck disable=SC2016 # for the inner shell
fails_with 1 'cannot write to standard output: No space left on device' 'a full disk' \
	sh -c '"$0" audit --cgroup "$1" --duration 1 >/dev/full' "$MPTCP_FORCE" "$CGROUPS/app"

done_testing
