#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Applied socket options of a forced client, as a capture of its second subflow shows them, or ss: the kernel sets
# some itself, the bridge sets others. A client without options shows what else they would be.

. "$(dirname "$0")/lib.sh"
. "$PROJECT/tests/force/lab.sh"

# Options as tests/force/talk.py takes them: LEVEL:NUMBER:VALUE.
IP_TOS=0:1:72 TCP_MAXSEG=6:2:1000 TCP_SYNCNT=6:7:1 TCP_WINDOW_CLAMP=6:10:30000 SO_MAX_PACING_RATE=1:47:1234567
IPV6_TCLASS=41:67:72 IPV6_AUTOFLOWLABEL=41:70:0

capture_start() {
	on client tcpdump --immediate-mode -U -n -i eth2 -Q out -w "$TMP/capture" 'tcp and portrange 5010-5099' \
		2>"$TMP/tcpdump" &
	FORCE_PIDS+=("$!")
	wait_for 60 grep -q 'listening on' "$TMP/tcpdump"
}

# packets PORT: of second subflows of that family, from the client, a line each.
FAMILY=ip
packets() {
	tcpdump -n -v -r "$TMP/capture" "$FAMILY and dst port $1" 2>/dev/null | awk '
		/^[^ \t]/ && line { print line; line = "" }
		{ line = line $0 }
		END { if (line) print line }'
}

syns() {
	packets "$1" | grep 'Flags \[S\]'
}

# shellcheck disable=SC2317 # called by wait_for
has_packets() {
	[ "$(packets "$1" | wc -l)" -gt "$2" ]
}

# count_without PORT REGEX: how many packets do not match.
count_without() {
	packets "$1" | grep -cvE "$2"
}

# largest_window PORT: that the client has advertised on its second subflow, in bytes.
largest_window() {
	packets "$1" | awk '
		match($0, /wscale [0-9]+/) { scale = substr($0, RSTART + 7, RLENGTH - 7) }
		/Flags \[S\]/ { next }
		match($0, / win [0-9]+/) {
			window = substr($0, RSTART + 5, RLENGTH - 5) * 2 ^ scale
			if (window > largest)
				largest = window
		}
		END { print largest + 0 }'
}

# talk_both PORT ADDRESS OPTIONS: two clients, with these socket options to PORT, and without to PORT + 1, have both
# opened their second subflow: a SYN, and the end of the handshake. The scheduler may send all data over the first.
talk_both() {
	local port=$1
	serve "$port"
	serve $((port + 1))
	talk with "$port" to "$2" set "$3"
	talk without $((port + 1)) to "$2"
	wait_for 60 has_packets "$port" 1
	wait_for 60 has_packets $((port + 1)) 1
}

end_both() {
	end_all app
	wait "${TALK_PID[with]}" "${TALK_PID[without]}" 2>/dev/null
}

# pacing PORT: of the second subflow.
pacing() {
	on client ss -tinH state established "dport = :$1" | grep -A 1 -E '192\.168\.6\.221' |
		grep -oE 'pacing_rate [^ ]+'
}

lab_up
mkdir -p "$CGROUPS/app"
capture_start
force_start force --cgroup "$CGROUPS/app"

talk_both 5010 192.168.1.2 "$IP_TOS,$TCP_MAXSEG,$TCP_WINDOW_CLAMP,$SO_MAX_PACING_RATE"
like "$(syns 5010)" 'tos 0x48,.*\[mss 1000,' 'IP_TOS and TCP_MAXSEG: the SYN of the second subflow has them'
like "$(syns 5011)" 'tos 0x0,.*\[mss 1460,' '... without the options, it has the default MSS'
is "$(count_without 5010 'tos 0x48,')" 0 'IP_TOS: all its packets have it'
is "$(count_without 5011 'tos 0x0,')" 0 '... without, none has'
window=$(largest_window 5010)
ok "TCP_WINDOW_CLAMP: the window on the second subflow is at most 30000 ($window)" test "$window" -le 30000 -a "$window" -gt 0
window=$(largest_window 5011)
ok "... without, it is larger ($window)" test "$window" -gt 30000
like "$(pacing 5010)" '/(9\.88Mbps|9876536bps)' 'SO_MAX_PACING_RATE: ss shows it for the second subflow'
like "$(pacing 5011)" 'pacing_rate [^/]*$' '... without, none'
end_both

# An IPv6 socket has subflows over IPv4, too.
FAMILY=ip6
talk_both 5020 fd00:0:0:1::2 "$IPV6_TCLASS,$IPV6_AUTOFLOWLABEL,$TCP_MAXSEG"
like "$(syns 5020)" 'class 0x48,.*\[mss 1000,' 'IPv6: IPV6_TCLASS and TCP_MAXSEG: the SYN of the second subflow has them'
like "$(syns 5021)" '\[mss 1440,' '... without them, it has not'
unlike "$(syns 5021)" 'class' '... and no traffic class'
is "$(count_without 5020 'class 0x48,')" 0 'IPV6_TCLASS: all its packets have it'
unlike "$(packets 5020)" 'flowlabel 0x' 'IPV6_AUTOFLOWLABEL 0: none has a flow label'
is "$(count_without 5021 'flowlabel 0x[0-9a-f]{5}')" 0 '... without, all have'
end_both

FAMILY=ip

# A second path that is dead: nothing arrives at the server there.
on server nft -f - <<'END'
table inet test {
	chain input {
		type filter hook input priority 0
		iif eth2 tcp flags & (syn | ack) == syn drop
	}
}
END
# syn_count PORT: the most SYNs of one connection.
syn_count() {
	syns "$1" | grep -oE '[0-9]+ > ' | sort | uniq -c | awk '$1 > most { most = $1 } END { print most + 0 }'
}
# shellcheck disable=SC2317 # called by wait_for
gave_up() {
	[ "$(syn_count "$1")" -ge 2 ] && ! on client ss -Htn state syn-sent "dport = :$1" | grep -q .
}
# shellcheck disable=SC2317 # called by wait_for
sends_more() {
	[ "$(syn_count "$1")" -gt "$2" ]
}
mkdir -p "$CGROUPS/other"
serve 5030
serve 5031
talk with 5030 to 192.168.1.2 set "$TCP_SYNCNT"
talk without 5031 to 192.168.1.2
TALK_CGROUP=other talk tcp 5032 address 192.168.6.221 to 192.168.4.2 set "$TCP_SYNCNT"
ok 'TCP_SYNCNT 1: the second subflow gives up on a dead path' wait_for 90 gave_up 5030
ok '... as a TCP socket does' wait_for 90 gave_up 5032
count=$(syn_count 5032)
is "$(syn_count 5030)" "$count" "... after as many SYNs ($count)"
ok '... without, it sends more' wait_for 90 sends_more 5031 "$count"
end_both
on server nft flush ruleset

force_stop

done_testing
