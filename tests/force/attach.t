#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# attach, status and detach: enforcement without a process, how it changes, and how it ends.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/attach_lib.sh"

mkdir -p "$CGROUPS/app" "$CGROUPS/other"

# set_option NUMBER: whether a program in the cgroup app can set this option of TCP.
set_option() {
	in_cgroup "$1" /usr/bin/python3 -c 'import socket, sys
s = socket.socket()
s.setsockopt(socket.IPPROTO_TCP, int(sys.argv[1]), 3000)
print(s.getsockopt(socket.IPPROTO_TCP, int(sys.argv[1])))' "$2" 2>/dev/null
}
TCP_USER_TIMEOUT=18

# Attach.
run_force status
is "$STATUS" 0 'status when nothing is attached: exit status'
is "$ERR" 'nothing is attached' '... and message'
run_force status web
is "$STATUS" 1 'status of a name that is not attached: exit status'
like "$ERR" "no scope is attached as 'web'" '... and message'
run_force detach web
is "$STATUS" 1 'detach of a name that is not attached'
attach_ok web --cgroup "$CGROUPS/app"
like "$ERR" "^enforcing MPTCP for cgroup '$CGROUPS/app', until 'mptcp-force detach web'$" '... reports it'
is "$(pgrep -xc mptcp-force)" 0 '... no process is left'
is "$(tcp_in app)" "$MPTCP" '... and its cgroup is enforced'
is "$(tcp_in other)" "$TCP" '... no other is'
is "$(stat -c %a "$PINS" "$PINS/web" "$PINS/web/1" | paste -sd' ')" '700 700 700' \
	'its pins are root'\''s alone'
is "$(set_option app $TCP_USER_TIMEOUT)" 3000 'socket options are bridged'
alone=$(links_on_hook)

# Status.
run_force status web
is "$STATUS" 0 'status: exit status'
like "$OUT" '^web: enforcing MPTCP' '... state'
like "$OUT" "cgroup: $CGROUPS/app \(exists\)" '... scope'
like "$OUT" 'option: opt-out' '... --opt-out is the default'
like "$OUT" "attached: $(date -u +%Y-%m-%dT)[0-9:]{8}Z, by version $("$MPTCP_FORCE" --version | cut -d' ' -f2)" \
	'... since when, and by which version'
like "$OUT" 'upgraded: 2' '... and sockets'
is "$(json web .in_force,.protocol,.scope[0].cgroup,.scope[0].exists,.counters.upgraded | paste -sd' ')" \
	"true mptcp $CGROUPS/app true 2" 'the same as JSON'
in_cgroup app /usr/bin/python3 "$PROJECT/tests/tools/connection.py" </dev/null
is "$(json web .counters.connections_mptcp,.counters.connections_fell_back | paste -sd' ')" '2 0' \
	'connections that speak MPTCP are counted, at both ends'

# A cgroup that comes and goes.
rmdir "$CGROUPS/app"
run_force status web
is "$STATUS" 0 'without its cgroup, it stays in force'
like "$OUT" "cgroup: $CGROUPS/app \(does not exist yet" '... and status says so'
mkdir "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 're-created, it is enforced from its first socket on'
is "$(set_option app $TCP_USER_TIMEOUT)" 3000 '... and bridged'
attach_ok later --cgroup "$CGROUPS/later/sub.service"
like "$ERR" "cgroup '$CGROUPS/later/sub.service' does not exist yet" 'a cgroup that does not exist yet: notice'
mkdir -p "$CGROUPS/later/sub.service"
is "$(tcp_in later/sub.service)" "$MPTCP" '... enforced from its first socket on'
is "$(tcp_in later)" "$TCP" '... and not its parent'
is "$(set_option later/sub.service $TCP_USER_TIMEOUT)" 3000 '... and bridged'
is "$(links_on_hook)" "$alone" 'two scopes share what is attached'
is "$("$MPTCP_FORCE" status | grep -c '^[a-z]*: enforcing MPTCP$')" 2 'status without a name reports both'

# Together with a process.
force_start process --cgroup "$CGROUPS/other"
is "$(tcp_in other)" "$MPTCP" 'a process enforces another cgroup'
is "$(links_on_hook)" "$alone" '... with the same attachment'
force_stop "$FORCE_PID" KILL
is "$(tcp_in other)" "$TCP" '... which is TCP when it is killed'
is "$(tcp_in app)" "$MPTCP" '... and the attached scope stays in force'

# A new scope for the name: what is in both is never out of scope.
in_cgroup app /usr/bin/python3 -c 'import os, socket, sys
tcp = n = 0
while not os.path.exists(sys.argv[1]):
    with socket.socket() as s:
        n += 1
        tcp += s.getsockopt(socket.SOL_SOCKET, 38) != 262
print(n > 100, tcp)' "$TMP/enough" >"$TMP/sockets" &
SOCKETS=$!
for _ in 1 2 3; do
	"$MPTCP_FORCE" attach -q web --cgroup "$CGROUPS/app" --cgroup "$CGROUPS/other"
	"$MPTCP_FORCE" attach -q web --cgroup "$CGROUPS/app"
done
is "$(tcp_in other)" "$TCP" 'a scope that was replaced: what is no longer in it is TCP'
touch "$TMP/enough"
wait "$SOCKETS"
is "$(cat "$TMP/sockets")" 'True 0' '... and what is in both scopes was never TCP'
is "$(find "$PINS/web" -mindepth 1 -maxdepth 1 | wc -l)" 1 '... nothing is left of the old scopes'
attach_ok web --cgroup "$CGROUPS/other"
is "$(tcp_in app),$(tcp_in other)" "$TCP,$MPTCP" 'a scope that has nothing in common with the former'
attach_ok web --to tcp --cgroup "$CGROUPS/app"
is "$(protocol_in app inet stream 262)" "$TCP" 'attached with --to tcp'
is "$(json web .protocol,.counters.kept_on_tcp | paste -sd' ')" 'tcp 1' '... and counted'

# Programs that opted out.
TCP_MD5SIG=14
attach_ok web --cgroup "$CGROUPS/app"
set_option app $TCP_MD5SIG
cp "$SOCKET_PROBE" "$TMP/"
is "$(in_cgroup app /usr/bin/python3 -c 'import socket; print(socket.socket().getsockopt(1, 38))')" "$TCP" \
	'a program that asked for a refused option gets TCP'
is "$(tcp_in app)" "$MPTCP" '... and no other program'
is "$(json web '.opted_out[0].option, (.opted_out | length)' | paste -sd' ')" 'TCP_MD5SIG 1' '... status lists it'
attach_ok web --cgroup "$CGROUPS/app" --cgroup "$CGROUPS/other"
is "$(json web '.opted_out[0].option, (.opted_out | length)' | paste -sd' ')" 'TCP_MD5SIG 1' \
	'... also after a change of the scope'
attach_ok web --no-opt-out --cgroup "$CGROUPS/app"
set_option app $TCP_MD5SIG
is "$(in_cgroup app /usr/bin/python3 -c 'import socket; print(socket.socket().getsockopt(1, 38))')" "$TCP" \
	'... and still with --no-opt-out, which is for other programs'

# Detach.
run_force detach web
is "$STATUS" 0 'detach: exit status'
is "$ERR" "detached 'web'" '... and message'
is "$(tcp_in app)" "$TCP" '... its scope is TCP'
is "$(tcp_in later/sub.service)" "$MPTCP" '... and no other'
not_ok '... nothing is pinned' test -e "$PINS/web"
attach_ok web --no-opt-out --cgroup "$CGROUPS/app"
set_option app $TCP_MD5SIG
is "$(in_cgroup app /usr/bin/python3 -c 'import socket; print(socket.socket().getsockopt(1, 38))')" "$MPTCP" \
	'programs that opted out are forgotten with the scope, and --no-opt-out adds none'

# Unpinned by someone else, while another scope keeps the programs attached.
rm -r "$PINS/web"
# shellcheck disable=SC2317 # called by wait_for
app_is_tcp() {
	[ "$(tcp_in app)" = "$TCP" ]
}
ok 'unpinned by others: new sockets are TCP' wait_for 30 app_is_tcp
is "$(tcp_in later/sub.service)" "$MPTCP" '... and the other scope is in force'
run_force status web
is "$STATUS" 1 '... status: exit status'
like "$ERR" "^mptcp-force: scope 'web' has ended: it was unpinned by others" '... and error'
run_force status
is "$STATUS" 1 '... also without a name'
like "$OUT" 'web: not in force' '... for this scope'
exec 7>"$TMP/journal"
JOURNAL_STREAM=$(stat -Lc %d:%i /dev/fd/7) "$MPTCP_FORCE" status -q web 2>&7 >/dev/null
exec 7>&-
like "$(cat "$TMP/journal")" "^<3>mptcp-force: scope 'web' has ended" '... with priority err in the journal'
attach_ok web --cgroup "$CGROUPS/app"
is "$(tcp_in app)" "$MPTCP" 'attached again, it is enforced'
run_force status web
is "$STATUS" 0 '... and status reports nothing'
rm "$PINS"/web/1/link_0
run_force status web
is "$STATUS" 1 'without one of its links: exit status'
like "$ERR" "scope 'web' has ended: links to the kernel's hooks were unpinned" '... and error'

# The cgroup whose socket options are bridged goes away.
run_force status later
is "$STATUS" 0 'the other scope has no problem'
rmdir "$CGROUPS/later/sub.service" "$CGROUPS/later"
mkdir -p "$CGROUPS/later/sub.service"
run_force status later
is "$STATUS" 0 'its bridge is at the root, because nothing of its path existed'
attach_ok later --cgroup "$CGROUPS/later/sub.service"
rmdir "$CGROUPS/later/sub.service" "$CGROUPS/later"
mkdir -p "$CGROUPS/later/sub.service"
is "$(tcp_in later/sub.service)" "$MPTCP" 'the cgroup at the top is removed, too: enforced'
run_force status later
is "$STATUS" 1 '... but not bridged: exit status'
like "$ERR" "scope 'later' is in force, but no longer bridges all socket options" '... and error'
attach_ok later --cgroup "$CGROUPS/later/sub.service"
run_force status later
is "$STATUS" 0 '... until it is attached again'

run_force detach --all
is "$STATUS" 0 'detach --all'
is "$(tcp_in app),$(tcp_in later/sub.service)" "$TCP,$TCP" '... both scopes are TCP'
run_force status
is "$ERR" 'nothing is attached' '... nothing is reported'
ok '... nothing stays attached' wait_for 30 nothing_attached
# shellcheck disable=SC2317 # called by wait_for
no_maps() {
	[ "$(bpftool -j map show | jq '[.[] | select(.name == "enforcers" or .name == "scope" or .name == "rules")] | length')" = 0 ]
}
ok '... nor any map' wait_for 30 no_maps
not_ok '... nor any pin' test -e "$PINS"
not_ok '... nor a note' test -e /run/mptcp-force

rmdir "$CGROUPS/later/sub.service" "$CGROUPS/later" "$CGROUPS/app" "$CGROUPS/other"
done_testing
