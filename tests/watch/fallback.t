#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Connections that fall back to TCP, and why; and one that does not.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start fallback
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"

# talk PORT: a connection that carries data both ways, and closes.
talk() {
	meet 192.168.1.2 "$1"
	about "$1"
	ask client send 100
	ask server receive 100
	before=$(grep -c '"event":"closed"' "$EVENTS")
	ask client close
	ask server close
}

# fell_back NAME CLIENT'S-REASONS SERVER'S-REASONS: what each end reports, and that its closed event agrees.
fell_back() {
	is "$(value "event == 'fallback' and $OURS" reason)" "$2" "$1: at the client"
	is "$(value "event == 'fallback' and $THEIRS" reason)" "$3" '... and at the server'
	is "$(count "event == 'closed' and ($OURS or $THEIRS) and fallback != (netns == client and '$2' != '' or
		netns == server and '$3' != '')")" 0 '... and so do their closed events'
}

strip() {
	on r1 iptables -t mangle "$1" FORWARD -p tcp "${@:2}" -j TCPOPTSTRIP --strip-options 30
}

ask server listen 0.0.0.0 5001
talk 5001
settle
fell_back 'a normal connection' '' ''

# The peer does not support MPTCP.
"${ON_SERVER[@]}" python3 -IS "$PROJECT/tests/lab/talk.py" listen tcp 192.168.1.2 5002 >"$TMP/tcp" &
STARTED_PIDS+=("$!")
wait_for 30 grep -q ready "$TMP/tcp"
ask client connect 192.168.1.2 5002
SPORT=$ANSWER
about 5002
ask client send 10
ask client receive 10
ask client close
reported closed "\"sport\":$SPORT,"
fell_back 'a peer without MPTCP' no_mp_capable ''
is "$(value "event == 'fallback' and $OURS" 'saddr, daddr, server_side, pid, comm')" \
	"('192.168.2.221', '192.168.1.2', False, ${PEER_PID[client]}, 'python3')" '... with addresses and owner'

# A client without MPTCP: this was never an MPTCP connection.
"${ON_CLIENT[@]}" python3 -IS "$PROJECT/tests/lab/talk.py" connect tcp 192.168.1.2 5001 >"$TMP/tcp" &
tcp=$!
ask server accept
SPORT=$ANSWER
ask server drain
settle
is "$(count "event in ('created', 'fallback') and netns == server and dport == $SPORT")" 0 \
	'a client without MPTCP is no fallback'
kill "$tcp"
wait "$tcp" || true
ask server close

# A middlebox that removes the options: from all packets, or from those after the SYNs.
strip -A
talk 5001
reported closed "\"sport\":$SPORT,"
fell_back 'options removed from all packets' no_mp_capable ''
strip -D

strip -A ! --syn -i eth2
talk 5001
settle
fell_back 'options removed after the SYN' options_stripped options_stripped
strip -D ! --syn -i eth2

# A middlebox that changes the data, which the checksums of both ends detect. There is only one path.
for host in server client; do
	ip -n "$LAB_NAME-$host" mptcp limits set subflow 0 add_addr_accepted 0
	on $host sysctl -qw net.mptcp.checksum_enabled=1
done
on r1 nft -f - <<-'RULES'
	table ip change {
		chain forward {
			type filter hook forward priority 0
			ip daddr 192.168.1.2 tcp dport 5001 ip length > 400 @th,1200,8 set 0x55
		}
	}
RULES
meet 192.168.1.2 5001
about 5001
ask client send 400
ask server receive 400
on r1 nft delete table ip change
ask server send 100
ask client receive 100
ask client send 100
ask server receive 100
ask client close
ask server close
settle
fell_back 'changed data' checksum checksum

# A middlebox that drops SYNs with the option.
fail r1 -p tcp --syn --tcp-option 30
if kernel_has mptcp_active_detect_blackhole; then
	ask client connect 192.168.1.2 5001
	SPORT=$ANSWER
	about 5001
	ask server accept
	ask client close
	ask server close
	reported closed "\"sport\":$SPORT,"
	fell_back 'a black hole' blackhole ''
fi
mend r1

is "$(count "event == 'failover'")" 0 'none of these connections had a failover'

watched_all
done_testing
