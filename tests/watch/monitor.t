#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Everything that 'ip mptcp monitor' shows of a run is in mptcp-watch's stream, once.

. "$(dirname "$0")/lib.sh"

lab_up
monitor() { # HOST
	ip netns exec "$LAB_NAME-$1" stdbuf -oL ip mptcp monitor >"$TMP/$1.monitor" &
	STARTED_PIDS+=("$!")
}
monitor client
monitor server
watch_start monitor
peer_start server "${ON_SERVER[@]}"
peer_start client "${ON_CLIENT[@]}"

# A bit of everything: subflows, a priority, a path that fails and is closed, a removed address.
ask server listen :: 5001
meet_at_rest 192.168.1.2 5001
ip -n "$LAB_NAME-client" mptcp endpoint change id 1 backup
reported sub_priority
ask client drain
on r1 iptables -A FORWARD -p tcp -j REJECT --reject-with tcp-reset
ask server pour
reported resumed
ask server rest
mend r1
part
meet_twice fd00:0:0:1::2 5001
ip -n "$LAB_NAME-server" mptcp endpoint delete id 1
reported removed
part
meet 192.168.1.2 5001
before=$(grep -c '"event":"closed"' "$EVENTS")
ask client reset
ask server close
reported -n $((before + 2)) closed
ask server unlisten
settle

# theirs HOST: events of the monitor, one per line: name, token, and what distinguishes subflows.
theirs() {
	sed -En 's/^\[ *([A-Z_]+)\] token=([0-9a-f]+) .*/\1 \2/p' "$TMP/$1.monitor" |
		tr '[:upper:]' '[:lower:]' | sed 's/^sf_prio/sub_priority/; s/^sf_/sub_/' |
		while read -r event token; do printf '%s %08x\n' "$event" $((16#$token)); done | sort
}

# ours HOST: the same for mptcp-watch, for events that the monitor knows.
ours() {
	value "netns == $1 and token and event in ('created', 'established', 'closed', 'announced', 'removed',
		'sub_established', 'sub_closed', 'sub_priority')" "event + ' ' + token + ';'" |
		tr ';' '\n' | sed 's/^ //; /^$/d' | sort
}

for host in client server; do
	theirs $host >"$TMP/theirs"
	ours $host >"$TMP/ours"
	ok "$host: the monitor shows some" test "$(wc -l <"$TMP/theirs")" -ge 9
	is "$(comm -23 "$TMP/theirs" "$TMP/ours")" '' '... and none that mptcp-watch lacks'
	is "$(comm -13 "$TMP/theirs" "$TMP/ours" | grep -v ^closed)" '' '... which has no event twice'
	is "$(grep ^closed "$TMP/ours" | uniq -d)" '' '... and closes each connection once'
done

watched_all
done_testing
