#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs: guest, hook
# With mptcp-force: which process's socket was upgraded, and its connection, in one stream.

. "$(dirname "$0")/lib.sh"

FORCE=${MPTCP_FORCE:-$PROJECT/build/mptcp-force}
TRAFFIC=$PROJECT/build/traffic
PROBE=$PROJECT/build/tests/socket_probe

lab_up
mkdir -p /sys/fs/cgroup/app/not
watch_start force
"$FORCE" --cgroup /sys/fs/cgroup/app --exclude-cgroup /sys/fs/cgroup/app/not 2>"$TMP/enforcer.err" &
STARTED_PIDS+=("$!")
wait_for 60 grep -q ^enforcing "$TMP/enforcer.err"

in_cgroup app "$PROBE" inet stream 0 >"$TMP/probe"
reported upgraded
is "$(value "event == 'upgraded'" 'comm, cgroup, uid, family, pid > 1')" \
	"('socket_probe', '/app', 0, 'inet', True)" 'an upgraded socket is reported, with its program'
in_cgroup app "$PROBE" inet6 stream 0 >"$TMP/probe"
reported -n 2 upgraded
is "$(value "event == 'upgraded'" family)" 'inet inet6' '... an IPv6 socket, too'
in_cgroup app/not "$PROBE" inet stream 0 >"$TMP/probe"
"$PROBE" inet stream 0 >"$TMP/probe"
in_cgroup app "$PROBE" inet dgram 0 >"$TMP/probe"
in_cgroup app "$PROBE" inet stream 262 >"$TMP/probe"
settle
is "$(count "event == 'upgraded'")" 2 '... but none that is excluded, out of scope, UDP, or MPTCP already'

# The statically linked Go generator: from its sockets to the end of its connection.
in_cgroup app "${ON_SERVER[@]}" "$TRAFFIC" -server -address '[::]:5003' 2>"$TMP/server.err" &
STARTED_PIDS+=("$!")
reported listener_created '"sport":5003'
in_cgroup app "${ON_CLIENT[@]}" "$TRAFFIC" -address 192.168.1.2:5003 -timeout 1s >"$TMP/client" 2>&1
reported closed "\"netns\":$SERVER,.*\"sport\":5003"
reported closed "\"netns\":$CLIENT,.*\"dport\":5003"
client_pid=$(value "event == 'closed' and netns == client" pid)
server_pid=$(value "event == 'closed' and netns == server" pid)
is "$(value "netns == client and pid == $client_pid and
	event in ('upgraded', 'created', 'established', 'closed')" \
	'event + ":" + comm')" 'upgraded:traffic created:traffic established:traffic closed:traffic' \
	'the events of a program that knows nothing of MPTCP'
is "$(count "event == 'upgraded' and netns == server and pid == $server_pid and comm == 'traffic'")" \
	"$(count "event == 'upgraded' and netns == server")" '... and its server'

watched_all
done_testing
