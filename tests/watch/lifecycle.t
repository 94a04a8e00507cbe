#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The life of a connection, reported once at each end, with the right owner, addresses and figures.

. "$(dirname "$0")/lib.sh"

lab_up
mkdir -p /sys/fs/cgroup/web
watch_start lifecycle
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"

# once_each NAME: both ends report the connection's life, each event once, in order.
once_each() {
	local life="event in ('created', 'established', 'closed')"
	is "$(value "$life and $OURS" event)" 'created established closed' "$1: each event of its life once, at the client"
	is "$(value "$life and $THEIRS" event)" 'created established closed' '... and at the server'
}

# life NAME LISTEN-ADDRESS CONNECT-ADDRESS PORT CLIENT'S-ADDRESS SERVER'S-ADDRESS
life() {
	local name=$1 port=$4
	local addresses='saddr, daddr, server_side' bytes='bytes_sent, bytes_received'
	ask server listen "$2" "$port"
	meet_twice "$3" "$port" || diag "$name: no second subflow"
	about "$port"
	ask client send 150000
	ask server receive 150000
	part
	ask server unlisten
	once_each "$name"
	is "$(value "event == 'created' and $OURS" "$addresses")" "('$5', '$6', False)" '... with its addresses'
	is "$(value "event == 'created' and $THEIRS" "$addresses")" "('$6', '$5', True)" '... at the server, too'
	is "$(value "event == 'closed' and $OURS" "$bytes")" '(150100, 100)' "... and the client's bytes"
	is "$(value "event == 'closed' and $THEIRS" "$bytes")" '(100, 150100)' "... and the server's"
}

# end_of NAME COMMAND...: a connection that the client ends by this command.
end_of() {
	local name=$1 before
	shift
	meet 192.168.1.2 5005
	about 5005
	before=$(grep -c '"event":"closed"' "$EVENTS")
	"$@"
	reported -n $((before + 1)) closed
	ask server close
	reported -n $((before + 2)) closed
	settle
	once_each "$name"
}

life IPv4 0.0.0.0 192.168.1.2 5001 192.168.2.221 192.168.1.2
is "$(count "event == 'closed' and subflows_max == 2 and ($OURS or $THEIRS)")" 2 '... and two subflows'
lasted=$(value "event in ('created', 'closed') and $OURS" mono_ns | awk '{ print $2 - $1 }')
is "$(count "event == 'closed' and $OURS and duration_ns == $lasted")" 1 '... and its duration'
life IPv6 :: fd00:0:0:1::2 5002 fd00:0:0:2::221 fd00:0:0:1::2
life 'a server on ::' :: 192.168.1.2 5003 192.168.2.221 192.168.1.2
life 'a client of a mapped address' 0.0.0.0 ::ffff:192.168.1.2 5004 192.168.2.221 192.168.1.2
is "$(count "event == 'fallback'")" 0 'none of these connections fell back'
mine="comm == 'python3' and uid == 0 and cgroup == '/' and event in ('created', 'established', 'closed')"
is "$(count "$mine and netns == client and pid == ${PEER_PID[client]}")" 12 "the client's owner is reported"
is "$(count "$mine and netns == server and pid == ${PEER_PID[server]}")" 12 "... and the server's"

ask server listen 0.0.0.0 5005
ask server option 1 9  # SO_KEEPALIVE
ask server option 6 14 # TCP_MD5SIG
reported sockopt_denied
is "$(value "event == 'sockopt_denied'" 'netns, pid, level, optname, error')" \
	"($SERVER, ${PEER_PID[server]}, 6, 14, $ANSWER)" 'a socket option that MPTCP refuses is reported, and no other'
end_of reset ask client reset
is "$(count "event == 'closed' and $THEIRS and not failover_pending")" 1 '... which is no failover'
disown "${PEER_PID[client]}" # or the shell would remark on its end
end_of killed kill -KILL "${PEER_PID[client]}"
ask server unlisten

# A forking server: its parent listens, its worker accepts.
cat >"$TMP/nginx.conf" <<-CONF
	daemon off; worker_processes 1; pid $TMP/nginx.pid; error_log stderr error;
	events { }
	http { access_log off; server { listen 80; location / { return 200 hello; } } }
CONF
in_cgroup web "${ON_SERVER[@]}" mptcpize run nginx -c "$TMP/nginx.conf" -p "$TMP" 2>"$TMP/nginx.err" &
STARTED_PIDS+=("$!")
wait_for 60 test -s "$TMP/nginx.pid"
master=$(cat "$TMP/nginx.pid")
wait_for 60 pgrep -P "$master" || diag "no nginx: $(cat "$TMP/nginx.err")"
worker=$(pgrep -P "$master")
peer_start browser "${ON_CLIENT[@]}"
ask browser connect 192.168.1.2 80
SPORT=$ANSWER
about 80
ask browser send 1
ask browser close
reported closed "\"netns\":$SERVER,.*\"dport\":$SPORT,"
is "$(value "event == 'closed' and $THEIRS" 'comm, cgroup, pid')" "('nginx', '/web', $worker)" \
	'the worker owns the connection that it accepted'
is "$(value "event == 'created' and $THEIRS" 'comm, cgroup, pid')" "('nginx', '/web', $master)" \
	'... until then, the parent does, which created the listener'
kill -TERM "$master"
wait_for 30 test ! -d "/proc/$master"

watched_all
done_testing
