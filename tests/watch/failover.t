#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Failovers, by all that makes a path die: one failover and one resumed each, at the end that sends,
# and for as long as a capture of the packets shows.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start failover
for peer in server bystander_there; do peer_start $peer "${ON_SERVER[@]}"; done
for peer in client bystander; do peer_start $peer "${ON_CLIENT[@]}"; done
ask server listen :: 5001

# An idle connection, over the paths that are to fail.
ask bystander_there listen 0.0.0.0 5002
ask bystander connect 192.168.1.2 5002
IDLE=$ANSWER
ask bystander_there accept
ask bystander send 10
ask bystander_there receive 10

# busy: a connection with its second subflow, on which the client keeps sending.
busy() {
	meet_twice 192.168.1.2 5001
	ask server drain
	ask client pour
}

# failed_over NAME CAUSE [HOST]: exactly one failover, from the first path to another, at the end that sent.
# DEAD is a router to mend once it is there.
failed_over() {
	local cause=$2 netns=${3:-client} token=$TOKEN from=${FROM:-192.168.2.221}
	if [ "$netns" = server ]; then
		token=$TOKEN_THERE from=192.168.1.2
	fi
	ok "$1: a failover" told failover "\"token\":\"$token\""
	[ -z "${DEAD:-}" ] || mend "$DEAD"
	ok '... and its end' told resumed "\"token\":\"$token\""
	rest
	is "$(value "event in ('failover', 'resumed', 'closed') and token == '$token'" event)" \
		'failover resumed closed' '... just one, in order'
	is "$(value "event in ('failover', 'resumed') and token == '$token' and pid and netns == $netns and
		from_['saddr'] == '$from' and to['saddr'] != '$from'" cause)" "$cause $cause" \
		"... from the first path to another, with the cause $cause"
	is "$(count "event == 'resumed' and token == '$token' and 0 < outage_ns < 20e9 and reinjected > 0")" 1 \
		'... and with an outage'
	is "$(count "event == 'failover' and token in ('$TOKEN', '$TOKEN_THERE')")" 1 '... at this end only'
}

rest() {
	ask client rest
	OUTAGE_NS=$ANSWER
	ask server rest
	part
}

# How often the client's MPTCP has sent something again.
sent_again_by_mptcp() {
	"$LAB" counter client MPTcpExtMPTCPRetrans
}

# shellcheck disable=SC2317 # called by wait_for
sends_again() {
	[ "$(sent_again_by_mptcp)" -gt "$RETRANS" ]
}

# capture HOST HOST-COMMAND...: keeps the packets of both of its interfaces.
capture() {
	local name=$1
	shift
	"$@" dumpcap -q -i eth1 -i eth2 -f 'tcp port 5001 or udp port 9' -w "$TMP/$name.pcap" 2>"$TMP/$name.dumpcap" &
	CAPTURES+=("$!")
	STARTED_PIDS+=("$!")
	wait_for 60 grep -q File: "$TMP/$name.dumpcap" || diag "no capture: $(cat "$TMP/$name.dumpcap")"
}

# Whether the captures have come to what is sent now, by either path: until then they would not be whole.
# shellcheck disable=SC2317 # called by wait_for
captures_are_up_to_date() {
	local path
	for path in 1 4; do
		on client bash -c "echo end of $path >/dev/udp/192.168.$path.2/9"
	done
	for path in 1 4; do
		grep -qa "end of $path" "$TMP/client.pcap" && grep -qa "end of $path" "$TMP/server.pcap" || return
	done
}

# packets HOST: what outage.py wants to know of them.
packets() {
	tshark -r "$TMP/$1.pcap" -Y tcp -T fields -e frame.time_epoch -e tcp.srcport \
		-e tcp.options.mptcp.rawdataack -e tcp.options.mptcp.rawdataseqno \
		-e tcp.options.mptcp.datalvllen -e tcp.seq_raw -e tcp.ack_raw \
		-e tcp.options.timestamp.tsval 2>"$TMP/tshark.err" >"$TMP/$1.packets"
}

# outage HOST TIME: for how long what the client sent had waited for acknowledgement then, by the capture there.
outage() {
	python3 -IS "$PROJECT/tests/watch/outage.py" 5001 "$(date -d "$2" +%s.%N)" \
		"$TMP/client.packets" "$TMP/$1.packets"
}

# within MS A B: whether two times in ns are as close as that.
# shellcheck disable=SC2317 # called by ok
within() {
	local apart=$(($2 - $3))
	diag "outages: mptcp-watch $(($2 / 1000000)) ms, capture $(($3 / 1000000)) ms"
	[ "${apart#-}" -lt $(($1 * 1000000)) ]
}

# captured NAME [OPTION...]: the sender goes on while the path fails, as the options say. What it has sent on
# the dead path meanwhile is a failover as well.
captured() {
	local name=$1 outage_ns time
	shift
	CAPTURES=()
	capture client "${ON_CLIENT[@]}"
	capture server "${ON_SERVER[@]}"
	busy
	fail r1 "$@"
	ok "$name: a failover" told failover "\"token\":\"$TOKEN\""
	ok '... and its end' told resumed "\"token\":\"$TOKEN\""
	rest
	mend r1
	wait_for "$DEADLINE" captures_are_up_to_date
	kill -INT "${CAPTURES[@]}"
	wait "${CAPTURES[@]}" || true
	like "$(value "token == '$TOKEN' and event in ('failover', 'resumed', 'closed')" event)" \
		'^(failover resumed )+closed$' '... in order'
	is "$(count "token == '$TOKEN' and event == 'failover' and
		(cause not in ('loss', 'stale') or from_['saddr'] != '192.168.2.221')")" 0 \
		'... from the first path, which lost'
	# Those that may follow are of data that no capture sees waiting: the dead path's TCP does not send it any more.
	read -r outage_ns time _ < <(value "token == '$TOKEN' and event == 'resumed'" "f'{outage_ns} {time}'")
	packets client
	packets server
	ok '... the capture of the client agrees' within 50 "$outage_ns" "$(outage client "$time")"
	ok '... and that of the server' within 50 "$outage_ns" "$(outage server "$time")"
	diag "the program's data waited for $((OUTAGE_NS / 1000000)) ms"
	diag "$(value "token == '$TOKEN' and event in ('failover', 'resumed')" 'time, event, outage_ns')"
}

captured 'a path dies'
captured 'a path loses what the server acknowledges' -i eth1

# rto HOST FILTER: the timeout of that subflow, in ms: ss prints a fraction, too.
# shellcheck disable=SC2317 # called by wait_for
rto() {
	on "$1" ss -Htni "$2" | sed -n 's/.* rto:\([0-9]*\).*/\1/p'
}

# shellcheck disable=SC2317 # called by wait_for
answers_in_time() {
	ask client send 1
	ask server receive 1
	ask server send 1
	ask client receive 1
	[ "$(rto client "sport = :$SPORT")" -lt 380 ] && [ "$(rto server "dport = :$SPORT")" -lt 380 ]
}

# meet_in_time ADDRESS PORT: the same as meet_twice, once the first path takes no longer to answer than is
# normal here. When a busy machine has taken its time for the first packets, MPTCP's timer of 200 ms fires too
# early for a failover.
meet_in_time() {
	meet_twice "$@"
	wait_for 60 answers_in_time || diag "the first path takes long: $(rto client "sport = :$SPORT") ms"
}

# From here on one that sends after the path has died, just once; or one that the path is closed for.
meet_in_time 192.168.1.2 5001
fail r1
ask server send 1000
failed_over 'the server sends' loss server
mend r1

meet_in_time 192.168.1.2 5001
on r1 iptables -A FORWARD -j REJECT
ask client send 1000
failed_over reject loss
mend r1

meet_in_time 192.168.1.2 5001
fail r1 -i eth1
ask client send 1000
failed_over 'acknowledgements are lost' loss
mend r1

meet_in_time fd00:0:0:1::2 5001
on r1 ip6tables -A FORWARD -j DROP
ask client send 1000
FROM=fd00:0:0:2::221 failed_over 'IPv6, with three subflows' loss
on r1 ip6tables -F FORWARD

# The first path answers later than the timer fires, and a copy goes to a path that is dead. When the first
# dies later on, that copy is none of its business: it has been acknowledged, as the data that it is of.
# The timer goes by the dead path's then, and may fire too early for a failover.
# shellcheck disable=SC2317 # called by wait_for
late_and_then_dead() {
	meet_twice fd00:0:0:1::2 5001
	on r2 iptables -A FORWARD -j DROP
	on r1 tc qdisc add dev eth1 root netem delay 300ms
	ask client send 1000
	told resumed "\"token\":\"$TOKEN\""
	on r1 tc qdisc del dev eth1 root
	fail r1
	read -r UPTIME _ </proc/uptime
	ask client send 1000
	ask server receive 2000
	part
	mend r1
	mend r2
	[ "$(count "event == 'resumed' and token == '$TOKEN'")" -ge 2 ]
}
ok 'a path is late, and then it dies: a failover' wait_for 60 late_and_then_dead
is "$(value "event == 'failover' and token == '$TOKEN'" "to['saddr']")" '192.168.6.221 fd00:0:0:6::221' \
	'... at first to a path that is dead'
is "$(value "event == 'resumed' and token == '$TOKEN' and mono_ns - outage_ns > ${UPTIME/./}e7" \
	"from_['saddr'] + ' ' + to['saddr']")" 'fd00:0:0:2::221 fd00:0:0:6::221' \
	'... then from that path, since it is dead'

# What the client sends arrives and TCP acknowledges it, but MPTCP does not: it goes out again, on the first path,
# as nothing else waits there. When that dies, the data has been waiting for longer than that copy.
meet_in_time 192.168.1.2 5001
on r1 iptables -t mangle -A FORWARD -i eth1 -p tcp -j TCPOPTSTRIP --strip-options 30
RETRANS=$(sent_again_by_mptcp)
ask client send 1000
read -r UPTIME _ </proc/uptime
wait_for "$DEADLINE" sends_again
fail r1
failed_over "MPTCP's acknowledgements are lost" loss
is "$(value "event == 'resumed' and token == '$TOKEN' and mono_ns - outage_ns < ${UPTIME/./}e7 + 150e6" event)" \
	resumed '... and its outage is that of the data'
on r1 iptables -t mangle -F
mend r1

# A path that is closed while it holds data. However late that comes here, no timer is to find the data
# first: the path's own waits for very long, and what the kernel's timer of 200 ms sends again on the
# other path gets nowhere before the failover is told.
ip -n "$LAB_NAME-client" route change default via 192.168.2.201 dev eth1 rto_min 60s

meet_twice 192.168.1.2 5001
fail r2
on r1 iptables -A FORWARD -p tcp -j REJECT --reject-with tcp-reset
ask client send 1000
DEAD=r2 failed_over RST closed
mend r1

meet_twice 192.168.1.2 5001
fail r2
fail r1
ask client send 1000
ip -n "$LAB_NAME-client" mptcp endpoint delete id 0 192.168.2.221
DEAD=r2 failed_over 'removed by the path manager' removed
mend r1
ip -n "$LAB_NAME-client" route change default via 192.168.2.201 dev eth1

# Both paths dead: sent again, but never acknowledged.
meet_in_time 192.168.1.2 5001
fail r2
fail r1
ask client send 1000
told failover "\"token\":\"$TOKEN\""
ask client reset
told closed "\"token\":\"$TOKEN\""
is "$(value "token == '$TOKEN' and event in ('failover', 'resumed', 'closed')" 'event, failover_pending')" \
	"('failover', None) ('closed', True)" 'a connection that is closed in a failover says so'
mend r1
mend r2
ask server close

# So much that the kernel has to send it again bit by bit, and gives the subflow up.
# The other path answers later than the timer fires, or it would all be there before.
on client sysctl -qw net.mptcp.stale_loss_cnt=1
meet_twice 192.168.1.2 5001
on r2 tc qdisc add dev eth1 root netem delay 300ms
ask server drain
fail r1
tell client send 300000
ok 'a subflow gets stale' told stale "\"token\":\"$TOKEN\""
mend r1
answer_of client send
on r2 tc qdisc del dev eth1 root
# It is taken back when something is to be sent, after its TCP has been answered.
# shellcheck disable=SC2317 # called by wait_for
send_until_recovered() {
	ask client send 1000
	told_now 1 recovered "\"token\":\"$TOKEN\""
}
ok '... and recovers' wait_for "$DEADLINE" send_until_recovered
rest
# More than once where the kernel gives it up again, also for good; others, which answer late, too.
stale_or_recovered="event in ('stale', 'recovered') and token in ('$TOKEN', '$TOKEN_THERE')"
like "$(value "$stale_or_recovered and saddr == '192.168.2.221'" event)" '^(stale recovered ?)+(stale)?$' '... in turn'
for address in 192.168.6.221 fd00:0:0:2::221 fd00:0:0:6::221; do
	like "$(value "$stale_or_recovered and saddr == '$address'" event)" '^(stale recovered ?)*(stale)?$' \
		"... and $address does not recover unless it was stale"
done

meet_twice 192.168.1.2 5001
ip -n "$LAB_NAME-client" link set eth1 down
ask client send 1000
failed_over 'link down' link

# At its close there was nothing outstanding but the close.
ask bystander close
ask bystander_there close
ok 'the idle connection closes' told closed "\"netns\":$CLIENT,.*\"sport\":$IDLE,"
is "$(count "$IDLE in (sport, dport) and event in ('failover', 'resumed', 'stale')
	or event in ('failover', 'resumed') and $IDLE in (from_['sport'], from_['dport'])")" 0 \
	'... and had no failover, nor has it now'

watched_all
done_testing
