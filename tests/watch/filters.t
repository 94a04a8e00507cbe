#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each filter, with connections that match and others that do not.

. "$(dirname "$0")/lib.sh"

mkdir -p /sys/fs/cgroup/app/inner /sys/fs/cgroup/application
ip netns add elsewhere
ip -n elsewhere link set lo up
query_start

peer_start inside in_cgroup app/inner
peer_start outside in_cgroup application
peer_start away ip netns exec elsewhere
ask inside name "$(printf first | hex)"
ask outside name "$(printf first-but-longer | hex)"

# A connection that is already open.
peer_start early in_cgroup app
ask early listen 127.0.0.1 6009
ask early connect 127.0.0.1 6009
early_port=$ANSWER
ask early keep
ask early accept

declare -A PID FILE
also() { # NAME OPTION...: one more watcher.
	watch_start "$@"
	PID[$1]=$WATCH_PID
	FILE[$1]=$EVENTS
}
also all
also cgroup --cgroup /sys/fs/cgroup/app --no-initial
also comm --comm first
also port --port 6001
also both --cgroup /sys/fs/cgroup/app --port 6002 --no-initial
also name --netns elsewhere
also path --netns /run/netns/elsewhere --events created,closed
also three --no-initial --count 3

# A restarted service has a new cgroup of the same name.
service=service-$$ # another run in this machine has left its own
mkdir "/sys/fs/cgroup/$service"
also restarted --cgroup "/sys/fs/cgroup/$service" --no-initial
rmdir "/sys/fs/cgroup/$service"
mkdir -p "/sys/fs/cgroup/$service/inner" "/sys/fs/cgroup/app/$service"
peer_start restarted in_cgroup "$service/inner"
peer_start namesake in_cgroup "app/$service"

is "$(EVENTS=${FILE[all]} value "initial and event == 'established' and sport == $early_port" \
	'dport, pid, comm, cgroup, server_side')" \
	"(6009, $(cat /sys/fs/cgroup/app/cgroup.procs), 'python3', '/app', False)" \
	'a connection that is already open is reported, with its owner'
is "$(EVENTS=${FILE[all]} count "initial and event == 'established'")" 2 '... at both ends'

ask inside once 6001
ask outside once 6002
ask restarted once 6003
ask namesake once 6004
ask away once 6001
EVENTS=${FILE[all]}
reported -n 10 closed

# sees NAME CONNECTIONS DESCRIPTION: the ports and network namespaces that a watcher reports.
elsewhere=$(stat -Lc %i /run/netns/elsewhere)
sees() {
	EVENTS=${FILE[$1]}
	for event in created closed; do
		is "$(value "event == '$event'" "str(min(sport, dport)) + (netns == $elsewhere and '-away' or '')" |
			tr ' ' '\n' | sort | xargs)" "$2" "$3: $event"
	done
}
EVENTS=${FILE[cgroup]} reported -n 4 closed
EVENTS=${FILE[restarted]} reported -n 2 closed
EVENTS=${FILE[comm]} reported -n 2 closed
EVENTS=${FILE[port]} reported -n 4 closed
EVENTS=${FILE[path]} reported -n 2 closed
sees all '6001 6001 6001-away 6001-away 6002 6002 6003 6003 6004 6004' 'without a filter all are reported'
sees cgroup '6001 6001 6004 6004' '--cgroup: that cgroup and its descendants, none with a similar name'
sees restarted '6003 6003' '... also when it was removed and re-created'
sees comm '6001 6001' '--comm: that name, not a longer one'
sees port '6001 6001 6001-away 6001-away' '--port: that port, in any network namespace'
sees name '6001-away 6001-away' '--netns by name'
sees path '6001-away 6001-away' '--netns by path'
is "$(value "event != 'lost'" event | tr ' ' '\n' | sort | xargs)" 'closed closed created created' '--events: only these events'
EVENTS=${FILE[both]}
is "$(count "event != 'lost'")" 0 'connections must match both of two filters'
is "$(EVENTS=${FILE[cgroup]} count initial)" 0 '--no-initial: no connection that was already open'
ok '--count: it ends by itself' wait_for 30 test ! -d "/proc/${PID[three]}"
is "$(wc -l <"${FILE[three]}")" 3 '... after that number of events'
watch_stop "${PID[three]}"
is "$WATCH_STATUS" 0 '... with exit status 0'

# The longest path that can be followed, 255 bytes, and a child cgroup that differs only after them.
longest=$(printf '%0127d/%0126d' 1 2)
mkdir -p "/sys/fs/cgroup/$longest"
also longest --cgroup "/sys/fs/cgroup/$longest" --no-initial
mkdir "/sys/fs/cgroup/$longest/child"
peer_start longest in_cgroup "$longest"
ask longest once 6005
EVENTS=${FILE[longest]} reported -n 2 closed
sees longest '6005 6005' 'the longest path, whatever is created below it'
# The kernel allows 38 programs per function: with spares, that is nine watchers.
watch_stop "${PID[longest]}"

begun=${EPOCHREALTIME/./}
timeout 60 "$MPTCP_WATCH" --duration 2 --no-initial >"$TMP/short.out" 2>"$TMP/short.err" && status=0 || status=$?
is "$status" 0 '--duration: it ends by itself'
like "$(cat "$TMP/short.err")" '^watching' '... after it has watched'
ok '... and not earlier' test $((${EPOCHREALTIME/./} - begun)) -ge 2000000

done_testing
