#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Failovers, for every way a path can fail: one failover and one resumed each, at the sending end, with an outage
# as long as a packet capture shows.

. "$(dirname "$0")/lib.sh"

lab_up
watch_start failover
for peer in server bystander_there; do peer_start $peer "${ON_SERVER[@]}"; done
for peer in client bystander; do peer_start $peer "${ON_CLIENT[@]}"; done
ask server listen :: 5001

# An idle connection over the paths that will fail.
ask bystander_there listen 0.0.0.0 5002
ask bystander connect 192.168.1.2 5002
IDLE=$ANSWER
ask bystander_there accept
ask bystander send 10
ask bystander_there receive 10

# failed_over NAME CAUSE [HOST]: exactly one failover, from the first path to another, at the sending end.
# DEAD is a router to restore afterwards.
failed_over() {
	local cause=$2 netns=${3:-client} token=$TOKEN from=${FROM:-192.168.2.221}
	if [ "$netns" = server ]; then
		token=$TOKEN_THERE from=192.168.1.2
	fi
	ok "$1: a failover" reported failover "\"token\":\"$token\""
	[ -z "${DEAD:-}" ] || mend "$DEAD"
	ok '... and its resumption' reported resumed "\"token\":\"$token\""
	rest
	is "$(value "event in ('failover', 'resumed', 'closed') and token == '$token'" event)" \
		'failover resumed closed' '... only one, in order'
	is "$(value "event in ('failover', 'resumed') and token == '$token' and pid and netns == $netns and
		from_['saddr'] == '$from' and to['saddr'] != '$from'" cause)" "$cause $cause" \
		"... from the first path to another, with the cause $cause"
	is "$(count "event == 'resumed' and token == '$token' and reinjected > 0 and
		0 < outage_ns < mono_ns - $(value "event == 'created' and token == '$token'" mono_ns)")" 1 \
		'... and with an outage that begins after the connection'
	is "$(count "event == 'failover' and token in ('$TOKEN', '$TOKEN_THERE')")" 1 '... at this end only'
}

rest() {
	ask client rest
	OUTAGE_NS=$ANSWER
	ask server rest
	part
}

# How often the client's MPTCP has reinjected data.
# shellcheck disable=SC2317 # called by wait_for
reinjected_by_mptcp() {
	"$LAB" counter client MPTcpExtMPTCPRetrans
}

# shellcheck disable=SC2317 # called by wait_for
reinjects() {
	[ "$(reinjected_by_mptcp)" -gt "$RETRANS" ]
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

# captures_are_up_to_date HOST...: whether they have reached the present, on both paths: until then they are incomplete.
# shellcheck disable=SC2317 # called by wait_for
captures_are_up_to_date() {
	local path host
	for path in 1 4; do
		on client bash -c "echo end of $path >/dev/udp/192.168.$path.2/9"
	done
	for path in 1 4; do
		for host in "$@"; do
			grep -qa "end of $path" "$TMP/$host.pcap" || return
		done
	done
}

# packets HOST: the packets as input for outage.py.
packets() {
	tshark -r "$TMP/$1.pcap" -Y tcp -T fields -e frame.time_epoch -e tcp.srcport \
		-e tcp.options.mptcp.rawdataack -e tcp.options.mptcp.rawdataseqno \
		-e tcp.options.mptcp.datalvllen -e tcp.seq_raw -e tcp.ack_raw \
		-e tcp.options.timestamp.tsval 2>"$TMP/tshark.err" >"$TMP/$1.packets"
}

# agrees HOST BEGIN END: whether an outage between these times (mono_ns) is exactly one wait of the client's data for
# acknowledgement, by the capture there.
# shellcheck disable=SC2317 # called by ok
agrees() {
	python3 -IS "$PROJECT/tests/watch/outage.py" 5001 "$2" "$3" "$TMP/client.packets" "$TMP/$1.packets" \
		>"$TMP/outage" || {
		diag "$(cat "$TMP/outage")"
		return 1
	}
}

# captured NAME [OPTION...]: the path fails as the options say, and the client keeps sending. Data that it sends on
# the dead path meanwhile also counts as a failover.
captured() {
	local name=$1 begin end
	shift
	CAPTURES=()
	capture client "${ON_CLIENT[@]}"
	capture server "${ON_SERVER[@]}"
	meet_in_time 192.168.1.2 5001
	ask server drain
	fail r1 "$@"
	note_time
	ask client pour
	ok "$name: a failover" reported failover "\"token\":\"$TOKEN\""
	ok '... and its resumption' reported resumed "\"token\":\"$TOKEN\""
	rest
	mend r1
	wait_for "$DEADLINE" captures_are_up_to_date client server
	kill -INT "${CAPTURES[@]}"
	wait "${CAPTURES[@]}" || true
	like "$(value "token == '$TOKEN' and event in ('failover', 'resumed', 'closed')" event)" \
		'^(failover resumed )+closed$' '... in order'
	is "$(count "token == '$TOKEN' and event == 'failover' and
		(cause not in ('loss', 'stale') or from_['saddr'] != '192.168.2.221')")" 0 \
		'... from the first path, which lost'
	# Those that may follow are of data that no capture sees waiting: the dead path's TCP does not send it any more.
	read -r begin end _ < <(value "token == '$TOKEN' and event == 'resumed'" "f'{mono_ns - outage_ns} {mono_ns}'")
	ok '... its outage begins when data is sent' test "$begin" -ge "$NOW_NS"
	packets client
	packets server
	ok '... the capture of the client agrees' agrees client "$begin" "$end"
	ok '... and the capture of the server, too' agrees server "$begin" "$end"
	diag "the program's data waited for $((OUTAGE_NS / 1000000)) ms"
	diag "$(value "token == '$TOKEN' and event in ('failover', 'resumed')" 'time, event, outage_ns')"
}

captured 'a path dies'
captured 'a path loses what the server acknowledges' -i eth1

# From here on, data is sent only once, after the path has failed; or the path is closed.
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

# The first path answers later than the timer fires, and the data is copied to a dead path. When the first path
# fails later, that copy no longer matters: its data has been acknowledged. The timer then follows that of the
# dead path, and may fire too early for a failover.
# shellcheck disable=SC2317 # called by wait_for
late_and_then_dead() {
	meet_twice fd00:0:0:1::2 5001
	on r2 iptables -A FORWARD -j DROP
	on r1 tc qdisc add dev eth1 root netem delay 300ms
	ask client send 1000
	reported resumed "\"token\":\"$TOKEN\""
	on r1 tc qdisc del dev eth1 root
	fail r1
	note_time
	ask client send 1000
	ask server receive 2000
	part
	mend r1
	mend r2
	[ "$(count "event == 'resumed' and token == '$TOKEN'")" -ge 2 ]
}
ok 'a path is late, then fails: a failover' wait_for 60 late_and_then_dead
is "$(value "event == 'failover' and token == '$TOKEN'" "to['saddr']")" '192.168.6.221 fd00:0:0:6::221' \
	'... at first to a path that is dead'
is "$(value "event == 'resumed' and token == '$TOKEN' and mono_ns - outage_ns > $NOW_NS" \
	"from_['saddr'] + ' ' + to['saddr']")" 'fd00:0:0:2::221 fd00:0:0:6::221' \
	'... then from that path, because it is dead'

# The client's data arrives and TCP acknowledges it, but MPTCP does not. It is reinjected on the first path, where
# nothing else waits. When that path fails, the data has been waiting for longer than its copy.
meet_in_time 192.168.1.2 5001
on r1 iptables -t mangle -A FORWARD -i eth1 -p tcp -j TCPOPTSTRIP --strip-options 30
RETRANS=$(reinjected_by_mptcp)
CAPTURES=()
capture client "${ON_CLIENT[@]}"
note_time
ask client send 1000
wait_for "$DEADLINE" reinjects
fail r1
failed_over "MPTCP's acknowledgements are lost" loss
wait_for "$DEADLINE" captures_are_up_to_date client
kill -INT "${CAPTURES[@]}"
wait "${CAPTURES[@]}" || true
packets client
read -r _ copied _ < <(python3 -IS "$PROJECT/tests/watch/outage.py" 5001 "$NOW_NS" sent "$TMP/client.packets")
is "$(count "event == 'resumed' and token == '$TOKEN' and $NOW_NS <= mono_ns - outage_ns < ${copied:-0}")" 1 \
	'... and its outage is that of the data'
on r1 iptables -t mangle -F
mend r1

# A path is closed while it holds data. No timer must find the data first, however late the close is: the path's
# own timer is very long, and data that the kernel's timer of 200 ms reinjects does not arrive before the failover
# is reported.
ip -n "$LAB_NAME-client" route change default via 192.168.2.201 dev eth1 rto_min 60s

meet_at_rest 192.168.1.2 5001
fail r2
on r1 iptables -A FORWARD -p tcp -j REJECT --reject-with tcp-reset
ask client send 1000
DEAD=r2 failed_over RST closed
mend r1

meet_at_rest 192.168.1.2 5001
fail r2
fail r1
ask client send 1000
ip -n "$LAB_NAME-client" mptcp endpoint delete id 0 192.168.2.221
DEAD=r2 failed_over 'removed by the path manager' removed
mend r1
ip -n "$LAB_NAME-client" route change default via 192.168.2.201 dev eth1

# Both paths are dead: the data is reinjected, but never acknowledged.
meet_in_time 192.168.1.2 5001
fail r2
fail r1
ask client send 1000
reported failover "\"token\":\"$TOKEN\""
ask client reset
reported closed "\"token\":\"$TOKEN\""
is "$(value "token == '$TOKEN' and event in ('failover', 'resumed', 'closed')" 'event, failover_pending')" \
	"('failover', None) ('closed', True)" 'a connection that closes during a failover reports it'
mend r1
mend r2
ask server close

# Enough data that the kernel reinjects it piece by piece, and marks the subflow stale at the second run of its timer
# that finds another one in order. The other path answers later than the timer fires: otherwise it would not run.
on client sysctl -qw net.mptcp.stale_loss_cnt=1
meet_at_rest 192.168.1.2 5001
on r2 tc qdisc add dev eth1 root netem delay 300ms
ask server drain
fail r1
ask client send 300000
ok 'a subflow becomes stale' wait_for $((4 * DEADLINE)) send_until stale
mend r1
on r2 tc qdisc del dev eth1 root
# It recovers when there is data to send after its TCP has been answered.
ok '... and recovers' wait_for $((4 * DEADLINE)) send_until recovered
rest
# More than once if the kernel marks it stale again, possibly for good; others, which answer late, too.
stale_or_recovered="event in ('stale', 'recovered') and token in ('$TOKEN', '$TOKEN_THERE')"
like "$(value "$stale_or_recovered and saddr == '192.168.2.221'" event)" '^(stale recovered ?)+(stale)?$' '... in turn'
for address in 192.168.6.221 fd00:0:0:2::221 fd00:0:0:6::221; do
	like "$(value "$stale_or_recovered and saddr == '$address'" event)" '^(stale recovered ?)*(stale)?$' \
		"... and $address does not recover unless it was stale"
done

meet_in_time 192.168.1.2 5001
ip -n "$LAB_NAME-client" link set eth1 down
ask client send 1000
failed_over 'link down' link

# When it closed, only the close was outstanding.
ask bystander close
ask bystander_there close
ok 'the idle connection closes' reported closed "\"netns\":$CLIENT,.*\"sport\":$IDLE,"
is "$(count "$IDLE in (sport, dport) and event in ('failover', 'resumed', 'stale')
	or event in ('failover', 'resumed') and $IDLE in (from_['sport'], from_['dport'])")" 0 \
	'... without a failover'

watched_all
done_testing
